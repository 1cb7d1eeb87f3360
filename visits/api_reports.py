"""The signed reports a member may read, as JSON: the copy that is hers, and for the team the answers as FHIR R4."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.api import needs
from visits import perms
from visits.models import Report
from visits.reads.export import fhir_response
from visits.reads.report import ReportPage, report_page
from visits.rules import report_clock


class ReportLine(serializers.ModelSerializer[Report]):
    """One report in a list: when, about which visit, how it stands with the 24 hours. No answer."""

    id = serializers.UUIDField(source="public_id")
    visit = serializers.UUIDField(source="visit.public_id")
    family = serializers.UUIDField(source="family.public_id")
    kind = serializers.CharField(source="visit.kind")
    author = serializers.CharField(source="author.user.get_full_name")
    form = serializers.CharField(source="form.__str__")
    ended_at = serializers.DateTimeField(source="visit.ended_at")
    due_at = serializers.DateTimeField(source="visit.report_due_at")
    delivered_at = serializers.DateTimeField(source="visit.report_delivered_at")
    clock = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = [
            "id", "visit", "family", "kind", "author", "form",
            "ended_at", "signed_at", "due_at", "delivered_at", "clock",
        ]  # fmt: skip

    def get_clock(self, report: Report) -> str:
        """State of the 24-hour clock (visits.rules.ClockState)."""
        visit = report.visit
        return str(report_clock(visit.report_due_at, visit.report_delivered_at, clock.now()).state)


class ReportDetail(ReportLine):
    """One report: the blocks of the reader's copy, its addenda, and the FHIR QuestionnaireResponse for the team."""

    copy_for = serializers.SerializerMethodField()
    blocks = serializers.SerializerMethodField()
    addenda = serializers.SerializerMethodField()
    questionnaire_response = serializers.SerializerMethodField()

    class Meta(ReportLine.Meta):
        fields: ClassVar[list[str]] = [
            *ReportLine.Meta.fields, "copy_for", "blocks", "addenda", "questionnaire_response",
        ]  # fmt: skip

    def _page(self) -> ReportPage:
        page: ReportPage = self.context["page"]
        return page

    def get_copy_for(self, report: Report) -> str:
        """The recipient whose copy this is: E, L, G or M."""
        return self._page().letter

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_blocks(self, report: Report) -> list[dict[str, Any]]:
        """The printed blocks, in order: code, title, and lines of label and text."""
        return [asdict(block) for block in self._page().blocks]

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_addenda(self, report: Report) -> list[dict[str, Any]]:
        """What was added since, oldest first."""
        return [asdict(addendum) for addendum in self._page().addenda]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_questionnaire_response(self, report: Report) -> dict[str, Any] | None:
        """FHIR R4, open answers only; null outside the team, whose copies leave questions out."""
        return fhir_response(report) if self._page().letter == "E" else None


class ReportViewSet(viewsets.GenericViewSet[Report]):
    """Signed reports of the families the member follows, newest first."""

    permission_classes = [needs(perms.READ_REPORT)]
    serializer_class = ReportLine
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def get_queryset(self) -> QuerySet[Report]:
        """The rows of the permission, with what a line shows."""
        rows: Any = perms.READ_REPORT.rows(self.request.member)  # type: ignore[attr-defined]
        related = rows.select_related("visit", "family", "author__user", "form")
        found: QuerySet[Report] = related.defer("form__definition", "answers", "context", "typed")
        return found

    @extend_schema(responses=ReportLine(many=True))
    def list(self, request: Request) -> Response:
        """50 a page, by key."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ReportLine(page, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)], responses=ReportDetail
    )
    def retrieve(self, request: Request, public_id: Any = None) -> Response:
        """One report; reading it is logged."""
        member = request.member  # type: ignore[attr-defined]
        report = fetch(perms.READ_REPORT, member, public_id=public_id)
        page = report_page(report, member, clock.now())
        return Response(ReportDetail(report, context={"page": page}).data)
