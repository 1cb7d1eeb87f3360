"""The address of one-time links, outside any sign-in (`territories.middleware.BY_LINK` opens its scope)."""

from django.urls import path

from pathways.views.answer_links import answer_link

app_name = "links"
urlpatterns = [path("<slug:slug>/<str:token>/", answer_link, name="answer")]
