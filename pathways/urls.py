"""Addresses of this app inside a territory."""

from django.urls import URLPattern

app_name = "pathways"
urlpatterns: list[URLPattern] = []
