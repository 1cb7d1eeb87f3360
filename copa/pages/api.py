"""The routes of the API, app by app."""

from rest_framework.routers import SimpleRouter

from pathways.api import FamilyViewSet, PathwayViewSet
from visits.api import VisitViewSet
from visits.api_reports import ReportViewSet

router = SimpleRouter()
router.register("families", FamilyViewSet, basename="family")
router.register("pathways", PathwayViewSet, basename="pathway")
router.register("reports", ReportViewSet, basename="report")
router.register("visits", VisitViewSet, basename="visit")
