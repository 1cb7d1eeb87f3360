"""Addresses above territories: figures and released reports, never a family."""

from django.urls import URLPattern

app_name = "ars"
urlpatterns: list[URLPattern] = []
