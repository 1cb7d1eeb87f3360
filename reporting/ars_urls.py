"""Addresses above territories: figures and reports, never a family."""

from django.urls import path

from reporting.views import ars

app_name = "ars"
urlpatterns = [
    path("", ars.figures, name="figures"),
    path("report.pdf", ars.report_pdf, name="report_pdf"),
    path("figures.csv", ars.figures_csv, name="figures_csv"),
]
