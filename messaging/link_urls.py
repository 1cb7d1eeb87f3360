"""The address of a parent's space, outside any sign-in (`territories.middleware.BY_LINK` opens its scope)."""

from django.urls import re_path

from messaging.views.space import sign_in

app_name = "entry"
# As narrow as the gate: a page reached past it would have no territory.
urlpatterns = [re_path(r"^(?P<slug>[-a-zA-Z0-9_]+)/(?P<token>[-a-zA-Z0-9_]{1,64})/$", sign_in, name="sign_in")]
