"""Addresses above territories: figures and reports, never a family."""

from django.urls import path

from reporting.views import ars, committees

app_name = "ars"
urlpatterns = [
    path("", ars.figures, name="figures"),
    path("report.pdf", ars.report_pdf, name="report_pdf"),
    path("committees/", committees.committees, name="committees"),
    path("committees/new/", committees.committee_new, name="committee_new"),
    path("committees/<uuid:public_id>/cancel/", committees.committee_cancel, name="committee_cancel"),
    path("figures.csv", ars.figures_csv, name="figures_csv"),
]
