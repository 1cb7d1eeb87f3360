"""Addresses of this app inside a territory."""

from django.urls import path

from messaging.views import hours, spaces, threads

app_name = "messaging"
urlpatterns = [
    path("messages/", threads.conversations, name="conversations"),
    path("messages/hours/", hours.all_hours, name="all_hours"),
    path("messages/hours/<uuid:public_id>/", hours.hours, name="hours"),
    path("messages/<uuid:public_id>/", threads.conversation, name="conversation"),
    path("families/<uuid:public_id>/spaces/", spaces.family_spaces, name="spaces"),
    path("spaces/<uuid:public_id>/address/", spaces.address, name="address"),
    path("spaces/<uuid:public_id>/close/", spaces.close, name="close_account"),
]
