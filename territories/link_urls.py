"""The address by which a service says whether it takes new families (`territories.middleware.BY_LINK`)."""

from django.urls import re_path

from territories.views.capacity import capacity_answer

app_name = "capacity"
# As narrow as the gate: a page reached past it would have no territory.
urlpatterns = [re_path(r"^(?P<slug>[-a-zA-Z0-9_]+)/(?P<token>[-a-zA-Z0-9_]{1,64})/$", capacity_answer, name="answer")]
