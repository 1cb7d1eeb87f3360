"""The routes of the API, app by app."""

from rest_framework.routers import SimpleRouter

router = SimpleRouter()
