"""Visits as JSON: those a member may see, and planning one under the rules of the page."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.api import Derived, StrictSerializer, line, lines, needs
from copa.kernel.errors import BusinessError
from copa.kernel.fields import known_year
from pathways.perms import is_of_team, reads_home
from territories.models import full_name
from visits import perms
from visits.actions.planning import CONFIRMABLE, Slot, plan_visit
from visits.enums import NotJointReason, ThirdVisitMotive, VisitKind, WindowReason
from visits.models import Visit
from visits.reads.choices import performers_of
from visits.rules import report_clock


def person_name(user: str) -> Derived:
    """The full name of the user at the end of this path of columns."""
    return Derived(full_name, f"{user}__first_name", f"{user}__last_name", f"{user}__email")


def clock_state(due_at: str, delivered_at: str) -> Derived:
    """The word for the 24-hour clock of these two columns."""
    return Derived(
        _clock_state, due_at, delivered_at, help_text="State of the 24-hour clock (visits.rules.ClockState)."
    )


def _clock_state(due_at: datetime | None, delivered_at: datetime | None) -> str:
    return str(report_clock(due_at, delivered_at, clock.now()).state)


def not_told() -> Derived:
    """A field that this reader does not learn: null, whatever it holds."""
    return Derived(lambda: None, help_text="null for readers outside the team who do not learn it.", allow_null=True)


class VisitOut(serializers.ModelSerializer[Visit]):
    """One visit: when, by whom, what became of it, and where the 24 hours of its report stand.

    Outside the team, null stands in the fields that its reader does not learn.
    """

    id = serializers.UUIDField(source="public_id")
    family = serializers.UUIDField(source="family.public_id")
    pathway = serializers.UUIDField(source="pathway.public_id")
    ap = serializers.UUIDField(source="ap.public_id")
    ap_name = person_name("ap__user")
    clock = clock_state("report_due_at", "report_delivered_at")

    class Meta:
        model = Visit
        fields: ClassVar[list[str]] = [
            "id", "family", "pathway", "kind", "ap", "ap_name", "state", "planned_at", "planned_minutes",
            "window_reason", "motive", "is_joint", "partner_state", "not_joint_reason", "started_at", "ended_at",
            "not_done_reason", "report_due_at", "report_delivered_at", "clock",
        ]  # fmt: skip


class VisitOutside(VisitOut):
    """The visit as somebody outside the team who comes home reads it: why it is late or was not made is the team's."""

    window_reason = not_told()
    not_done_reason = not_told()


class VisitOfDoctor(VisitOutside):
    """As a doctor outside reads it: neither why a third visit nor what the PMI answered (documents.md 1, block 14)."""

    motive = not_told()
    is_joint = not_told()
    partner_state = not_told()
    not_joint_reason = not_told()


def _shape_for(member: Any) -> type[VisitOut]:
    """The same parts as the page of the family tells this reader."""
    if is_of_team(member):
        return VisitOut
    return VisitOutside if reads_home(member) else VisitOfDoctor


class VisitIn(StrictSerializer):
    """A visit to plan. `confirm` holds the warnings accepted (CONFIRMABLE), as "outside_window".

    `motive` says why a V3 is made, and is asked for no other visit; so is what says whether the PMI comes along:
    `is_joint`, or `not_joint_reason`. `ap` may be a professional of the PMI for the V3 of a pathway it carries (R077).
    `takes_family`: whoever makes an early visit also becomes the AP of a family that has one.
    """

    pathway = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    ap = serializers.UUIDField()
    planned_at = serializers.DateTimeField(validators=[known_year])
    window_reason = serializers.ChoiceField(choices=WindowReason.choices, required=False, default="")
    motive = serializers.ChoiceField(choices=ThirdVisitMotive.choices, required=False, default="")
    is_joint = serializers.BooleanField(required=False, default=False)
    not_joint_reason = serializers.ChoiceField(choices=NotJointReason.choices, required=False, default="")
    takes_family = serializers.BooleanField(required=False, default=False)
    confirm = serializers.MultipleChoiceField(choices=sorted(CONFIRMABLE), required=False, default=set)


class VisitViewSet(viewsets.GenericViewSet[Visit]):
    """Visits of the families the member follows, newest first."""

    serializer_class = VisitOut
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def get_permissions(self) -> list[BasePermission]:
        """Planning is a permission of its own."""
        perm = perms.PLAN_VISIT if self.action == "create" else perms.SEE_VISITS
        return [needs(perm)()]

    def get_queryset(self) -> QuerySet[Visit]:
        """The rows of the permission."""
        return perms.SEE_VISITS.rows(self.request.member)  # type: ignore[attr-defined]

    @extend_schema(responses=VisitOut(many=True))
    def list(self, request: Request) -> Response:
        """50 a page, by key."""
        return lines(self, self.get_queryset(), _shape_for(request.member))  # type: ignore[attr-defined]

    @extend_schema(
        parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)], responses=VisitOut
    )
    def retrieve(self, request: Request, public_id: Any = None) -> Response:
        """One visit; reading it is logged."""
        member: Any = request.member  # type: ignore[attr-defined]
        visit = fetch(perms.SEE_VISITS, member, public_id=public_id)
        return Response(line(self.get_queryset(), _shape_for(member), pk=visit.pk))

    @extend_schema(request=VisitIn, responses={201: VisitOut})
    def create(self, request: Request) -> Response:
        """Plan a visit; a refusal for facts answers 409, with the field it is about."""
        member: Any = request.member  # type: ignore[attr-defined]
        asked = VisitIn(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        pathway = fetch(perms.PLAN_VISIT, member, public_id=data["pathway"])
        at = clock.now()
        today = clock.local_date(at, member.territory.time_zone)
        ap = perms.assignable_to_third(performers_of(today), member, pathway).filter(public_id=data["ap"]).first()
        if ap is None:
            raise BusinessError("not_an_ap", "Cette auxiliaire n’est pas de l’équipe de référence.", field="ap")
        slot = Slot(**{part: data[part] for part in Slot.__dataclass_fields__})
        visit = plan_visit(pathway=pathway, ap=ap, slot=slot, by=member, at=at, confirmed=data["confirm"])
        return Response(line(self.get_queryset(), VisitOut, pk=visit.pk), status=201)
