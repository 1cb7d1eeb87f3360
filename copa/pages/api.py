"""The routes of the API, app by app."""

from rest_framework.routers import SimpleRouter

from visits.api_reports import ReportViewSet

router = SimpleRouter()
router.register("reports", ReportViewSet, basename="report")
