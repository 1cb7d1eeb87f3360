"""Addresses of this app inside a territory."""

from django.urls import path

from territories import views

app_name = "territories"
urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/new/", views.add_member, name="add_member"),
    path("members/<uuid:public_id>/invite/", views.invite_again, name="invite_again"),
    path("members/<uuid:public_id>/give-back/", views.give_back_rights, name="give_back_rights"),
    path("members/<uuid:public_id>/end/", views.end_rights, name="end_rights"),
    path("rights/", views.rights, name="rights"),
]
