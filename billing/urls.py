"""Addresses of this app inside a territory."""

from django.urls import URLPattern

app_name = "billing"
urlpatterns: list[URLPattern] = []
