"""The address of links by which a report is read once, outside any sign-in (`territories.middleware.BY_LINK`)."""

from django.urls import re_path

from visits.views.copy_links import read_copy

app_name = "copies"
# As narrow as the gate: a page reached past it would have no territory.
urlpatterns = [re_path(r"^(?P<slug>[-a-zA-Z0-9_]+)/(?P<token>[-a-zA-Z0-9_]{1,64})/$", read_copy, name="read")]
