"""Addresses of this app inside a territory."""

from django.urls import path

from territories import directory_views
from territories.views import committees, duty, partnerships, protocols, steering, supervision, training
from territories.views import people as views

app_name = "territories"
urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/new/", views.add_member, name="add_member"),
    path("members/<uuid:public_id>/invite/", views.invite_again, name="invite_again"),
    path("members/<uuid:public_id>/give-back/", views.give_back_rights, name="give_back_rights"),
    path("members/<uuid:public_id>/end/", views.end_rights, name="end_rights"),
    path("members/<uuid:public_id>/supervision/", supervision.supervision, name="supervision"),
    path("members/<uuid:public_id>/represents/", supervision.representative, name="representative"),
    path("members/<uuid:public_id>/phone/", duty.phone, name="phone"),
    path("duty/", duty.duty, name="duty"),
    path("duty/shifts/<uuid:public_id>/remove/", duty.remove_shift, name="remove_shift"),
    path("duty/<uuid:public_id>/new/", duty.add_shift, name="add_shift"),
    path("duty/<uuid:public_id>/repeat/", duty.repeat_week, name="repeat_week"),
    path("steering/", steering.steering, name="steering"),
    path("steering/activate/", steering.activate, name="activate"),
    path("steering/conventions/", partnerships.partnerships, name="partnerships"),
    path("steering/conventions/new/", partnerships.partnership_new, name="partnership_new"),
    path("steering/conventions/<uuid:public_id>/", partnerships.partnership, name="partnership"),
    path("steering/conventions/<uuid:public_id>/edit/", partnerships.partnership_edit, name="partnership_edit"),
    path("steering/conventions/<uuid:public_id>/document/", partnerships.partnership_file, name="partnership_file"),
    path("steering/conventions/structures/<uuid:public_id>/", partnerships.eligibility, name="eligibility"),
    path("steering/auxiliaries/", training.auxiliaries, name="auxiliaries"),
    path("steering/auxiliaries/<uuid:public_id>/", training.auxiliary, name="auxiliary"),
    path("steering/auxiliaries/<uuid:public_id>/training/", training.training_new, name="training_new"),
    path("steering/auxiliaries/<uuid:public_id>/experience/", training.experience, name="experience"),
    path("steering/trainings/<uuid:public_id>/cancel/", training.training_cancel, name="training_cancel"),
    path("steering/protocols/", protocols.protocols, name="protocols"),
    path("steering/protocols/new/", protocols.protocol_new, name="protocol_new"),
    path("steering/protocols/<uuid:public_id>/new/", protocols.version_new, name="version_new"),
    path("steering/protocols/versions/<uuid:public_id>/", protocols.protocol_version, name="protocol_version"),
    path("steering/protocols/versions/<uuid:public_id>/document/", protocols.protocol_file, name="protocol_file"),
    path("steering/committees/", committees.committees, name="committees"),
    path("steering/committees/new/", committees.committee_new, name="committee_new"),
    path("steering/committees/<uuid:public_id>/cancel/", committees.committee_cancel, name="committee_cancel"),
    path("rights/", views.rights, name="rights"),
    path("directory/", directory_views.entries, name="directory"),
    path("directory/new/", directory_views.entry_new, name="entry_new"),
    path("directory/map/", directory_views.offer_map, name="offer_map"),
    path("directory/<uuid:public_id>/", directory_views.entry, name="entry"),
    path("directory/<uuid:public_id>/edit/", directory_views.entry_edit, name="entry_edit"),
    path("directory/<uuid:public_id>/review/", directory_views.entry_review, name="entry_review"),
    path("directory/<uuid:public_id>/archive/", directory_views.entry_archive, name="entry_archive"),
]
