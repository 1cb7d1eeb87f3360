"""The signed reports a member may read, as JSON: the copy that is hers, and for the team the answers as FHIR R4."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.api import Derived, line, lines, needs
from visits import perms
from visits.api import clock_state, person_name
from visits.models import Report, form_title
from visits.reads.export import fhir_response
from visits.reads.report import ReportPage, report_page


class ReportLine(serializers.ModelSerializer[Report]):
    """One report in a list: when, about which visit, how it stands with the 24 hours. No answer."""

    id = serializers.UUIDField(source="public_id")
    visit = serializers.UUIDField(source="visit.public_id")
    family = serializers.UUIDField(source="family.public_id")
    kind = serializers.CharField(source="visit.kind")
    author = person_name("author__user")
    form = Derived(form_title, "form__code", "form__version")
    ended_at = serializers.DateTimeField(source="visit.ended_at")
    due_at = serializers.DateTimeField(source="visit.report_due_at")
    delivered_at = serializers.DateTimeField(source="visit.report_delivered_at")
    clock = clock_state("visit__report_due_at", "visit__report_delivered_at")

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = [
            "id", "visit", "family", "kind", "author", "form",
            "ended_at", "signed_at", "due_at", "delivered_at", "clock",
        ]  # fmt: skip


class ReportDetail(ReportLine):
    """One report: the blocks of the reader's copy, its addenda, and the FHIR QuestionnaireResponse for the team."""

    copy_for = serializers.CharField(read_only=True, help_text="The recipient whose copy this is: E, L, G or M.")
    blocks = serializers.ListField(child=serializers.DictField(), read_only=True)
    addenda = serializers.ListField(child=serializers.DictField(), read_only=True)
    questionnaire_response = serializers.DictField(
        read_only=True,
        help_text="FHIR R4, open answers only; null outside the team, whose copies leave questions out.",
    )

    class Meta(ReportLine.Meta):
        fields: ClassVar[list[str]] = [
            *ReportLine.Meta.fields, "copy_for", "blocks", "addenda", "questionnaire_response",
        ]  # fmt: skip


def _detail(report: Report, page: ReportPage, head: dict[str, Any]) -> dict[str, Any]:
    """Its line, then what the reader's copy prints, in order."""
    return {
        **head,
        "copy_for": page.letter,
        "blocks": [asdict(block) for block in page.blocks],
        "addenda": [asdict(addendum) for addendum in page.addenda],
        "questionnaire_response": fhir_response(report) if page.letter == "E" else None,
    }


class ReportViewSet(viewsets.GenericViewSet[Report]):
    """Signed reports of the families the member follows, newest first."""

    permission_classes = [needs(perms.READ_REPORT)]
    serializer_class = ReportLine
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def get_queryset(self) -> QuerySet[Report]:
        """The rows of the permission."""
        return perms.READ_REPORT.rows(self.request.member)  # type: ignore[attr-defined]

    @extend_schema(responses=ReportLine(many=True))
    def list(self, request: Request) -> Response:
        """50 a page, by key."""
        return lines(self, self.get_queryset(), ReportLine)

    @extend_schema(
        parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)], responses=ReportDetail
    )
    def retrieve(self, request: Request, public_id: Any = None) -> Response:
        """One report; reading it is logged."""
        member = request.member  # type: ignore[attr-defined]
        report = fetch(perms.READ_REPORT, member, public_id=public_id)
        head = line(self.get_queryset(), ReportLine, pk=report.pk)
        return Response(_detail(report, report_page(report, member, clock.now()), head))
