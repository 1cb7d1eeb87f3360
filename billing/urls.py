"""Addresses of this app inside a territory."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("billing/", views.lines, name="lines"),
    path("billing/make/", views.make_lines, name="make_lines"),
]
