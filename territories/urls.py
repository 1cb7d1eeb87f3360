"""Addresses of this app inside a territory."""

from django.urls import path

from territories import directory_views
from territories.views import duty, supervision
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
    path("rights/", views.rights, name="rights"),
    path("directory/", directory_views.entries, name="directory"),
    path("directory/new/", directory_views.entry_new, name="entry_new"),
    path("directory/map/", directory_views.offer_map, name="offer_map"),
    path("directory/<uuid:public_id>/", directory_views.entry, name="entry"),
    path("directory/<uuid:public_id>/edit/", directory_views.entry_edit, name="entry_edit"),
    path("directory/<uuid:public_id>/review/", directory_views.entry_review, name="entry_review"),
    path("directory/<uuid:public_id>/archive/", directory_views.entry_archive, name="entry_archive"),
]
