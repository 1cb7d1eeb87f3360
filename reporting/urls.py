"""Addresses of this app inside a territory."""

from django.urls import path

from reporting.views import territory

app_name = "reporting"
urlpatterns = [
    path("figures/", territory.quarter, name="quarter"),
    path("figures/compute/", territory.compute, name="compute"),
    path("figures/export/", territory.export_request, name="export_request"),
    path("exports/<uuid:public_id>/", territory.export_status, name="export_status"),
    path("exports/<uuid:public_id>/<str:kind>/", territory.export_file, name="export_file"),
]
