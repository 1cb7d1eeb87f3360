"""Addresses of this app inside a territory."""

from django.urls import path

from territories import views

app_name = "territories"
urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/<uuid:public_id>/end/", views.end_rights, name="end_rights"),
    path("rights/", views.rights, name="rights"),
]
