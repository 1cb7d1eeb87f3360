"""Addresses of this app inside a territory."""

from django.urls import URLPattern

app_name = "visits"
urlpatterns: list[URLPattern] = []
