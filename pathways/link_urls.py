"""The address of one-time links, outside any sign-in (`territories.middleware.BY_LINK` opens its scope)."""

from django.urls import re_path

from pathways.views.answer_links import answer_link

app_name = "links"
# As narrow as the gate: a page reached past it would have no territory.
urlpatterns = [re_path(r"^(?P<slug>[-a-zA-Z0-9_]+)/(?P<token>[-a-zA-Z0-9_]{1,64})/$", answer_link, name="answer")]
