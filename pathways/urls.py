"""Addresses of this app inside a territory."""

from django.urls import path

from pathways.views import (
    alerts,
    births,
    deaths,
    families,
    identity,
    imports,
    inclusion,
    pathways,
    proposals,
    relays,
    stops,
)

app_name = "pathways"
urlpatterns = [
    path("births/", births.births, name="births"),
    path("births/new/", births.birth_new, name="birth_new"),
    path("births/import/", imports.birth_imports, name="birth_imports"),
    path("births/import/<uuid:public_id>/", imports.birth_import, name="birth_import"),
    path("births/import/<uuid:public_id>/columns/", imports.import_columns, name="import_columns"),
    path("births/import/<uuid:public_id>/progress/", imports.import_progress, name="import_progress"),
    path("births/<uuid:public_id>/proposal/", proposals.proposal, name="proposal"),
    path("births/<uuid:public_id>/inclusion/", inclusion.inclusion, name="inclusion"),
    path("births/<uuid:public_id>/discharge/", births.discharge, name="discharge"),
    path("births/<uuid:public_id>/silence/", deaths.silence, name="silence"),
    path("families/<uuid:public_id>/edit/", families.family_edit, name="family_edit"),
    path("families/<uuid:public_id>/identity/", identity.identity, name="identity"),
    path("families/<uuid:public_id>/recipients/", families.recipients, name="recipients"),
    path("families/<uuid:public_id>/open/", families.open_family, name="open_family"),
    path("families/<uuid:public_id>/reads/", families.reads, name="reads"),
    path("pathways/<uuid:public_id>/withdraw/", pathways.withdraw, name="withdraw"),
    path("pauses/", stops.pauses, name="pauses"),
    path("pathways/<uuid:public_id>/stop/", stops.stop, name="stop"),
    path("pathways/<uuid:public_id>/hospital/", stops.hospital, name="hospital"),
    path("pathways/<uuid:public_id>/contact/", stops.contact, name="contact"),
    path("pathways/<uuid:public_id>/withdraw/undo/", stops.undo_withdrawal, name="undo_withdrawal"),
    path("pathways/<uuid:public_id>/assign/", pathways.assign, name="assign"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<uuid:public_id>/take/", alerts.take_alert, name="take_alert"),
    path("relays/", relays.relays, name="relays"),
    path("relays/<uuid:public_id>/", relays.relay, name="relay"),
    path("relays/<uuid:public_id>/reply/", relays.relay_reply, name="relay_reply"),
]
