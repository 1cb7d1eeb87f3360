"""Addresses of this app inside a territory."""

from django.urls import URLPattern, path

from visits.views import (
    closing,
    day,
    early,
    families,
    funnel,
    inbox,
    joint,
    planning,
    red_button,
    report,
    todo,
    worklist,
)

app_name = "visits"
_reports: list[URLPattern] = [
    path("visits/<uuid:public_id>/report/", report.report_edit, name="report_edit"),
    path("visits/<uuid:public_id>/report/draft/", report.report_draft, name="report_draft"),
    path("visits/<uuid:public_id>/report/note/", report.report_note, name="report_note"),
    path("visits/<uuid:public_id>/report/kept/", report.kept, name="kept"),
    path("visits/<uuid:public_id>/report/sign/", report.report_sign, name="report_sign"),
    path("reports/", inbox.reports, name="reports"),
    path("reports/<uuid:public_id>/", report.report, name="report"),
    path("reports/<uuid:public_id>/proof/", report.report_proof, name="report_proof"),
    path("reports/<uuid:public_id>/pdf/", report.report_pdf, name="report_pdf"),
    path("reports/<uuid:public_id>/opened/", report.opened, name="opened"),
    path("reports/<uuid:public_id>/addendum/", report.addendum, name="addendum"),
    path("reports/<uuid:public_id>/sealed/", report.sealed, name="sealed"),
]
_pages: list[URLPattern] = [
    path("", worklist.worklist, name="worklist"),
    path("todo/", todo.todo, name="todo"),
    path("todo/rest/", todo.rest, name="todo_rest"),
    path("day/", day.day, name="day"),
    path("emergency/", day.emergency, name="emergency"),
    path("more/", day.more, name="more"),
    path("funnel/", funnel.funnel, name="funnel"),
    path("funnel/births/", funnel.funnel_births, name="funnel_births"),
    path("pathways/<uuid:public_id>/alert/", red_button.red_button, name="red_button"),
    path("alerts/<uuid:public_id>/procedure/", red_button.procedure, name="procedure"),
    path("families/", families.families, name="families"),
    path("families/<uuid:public_id>/", families.family, name="family"),
    path("pathways/<uuid:public_id>/close/", closing.close_pathway, name="close_pathway"),
    path("pathways/<uuid:public_id>/plan/", planning.plan, name="plan"),
    path("early/", early.early_calls, name="early_calls"),
    path("early/<uuid:public_id>/", early.early_call, name="early_call"),
    path("planning/", planning.planning, name="planning"),
    path("pmi/", joint.pmi, name="pmi"),
    path("pmi/visits/", joint.own, name="own"),
    path("relays/<uuid:public_id>/file/", joint.relay_file, name="relay_file"),
    path("relays/<uuid:public_id>/file/pdf/", joint.relay_pdf, name="relay_pdf"),
    path("visits/<uuid:public_id>/joint/", joint.joint, name="joint"),
    path("visits/<uuid:public_id>/joint/again/", joint.joint_again, name="joint_again"),
    path("visits/<uuid:public_id>/change/", planning.change, name="change"),
    path("visits/<uuid:public_id>/enter/", day.enter, name="enter"),
    path("visits/<uuid:public_id>/leave/", day.leave, name="leave"),
    path("visits/<uuid:public_id>/death/", day.death, name="death"),
    path("visits/<uuid:public_id>/not-done/", day.not_done, name="not_done"),
]
urlpatterns: list[URLPattern] = [*_pages, *_reports]
