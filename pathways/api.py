"""Families and pathways as JSON, under the permissions of the pages. Only public ids leave."""

from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.api import StrictSerializer, line, lines, needs
from pathways import perms, rules
from pathways.actions.families import Contact, Details, details_token, edit_family
from pathways.enums import BirthMode, ContactHours, Sex
from pathways.models import Family, Mother, Pathway
from pathways.reads.contact import asks_team_first
from pathways.reads.facts import BirthFacts, FamilyFacts, family_facts
from territories.actions.communes import check_outside_confirmed, outside_commune
from territories.models import Commune, Member

PUBLIC_ID = [OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)]
UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


# ---- What leaves ------------------------------------------------------------------------------------------
class FamilyLine(serializers.Serializer[Any]):
    """One line of the list, and the head of the detail: enough to find a family, nothing about how she lives."""

    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    name = serializers.CharField()
    maternity = serializers.UUIDField(source="maternity.public_id")
    maternity_name = serializers.CharField(source="maternity.name")
    commune = serializers.CharField(source="commune.code", allow_null=True, help_text="Code COG")
    commune_name = serializers.CharField(source="commune.name", allow_null=True)
    created_at = serializers.DateTimeField()


class PathwayLine(serializers.Serializer[Any]):
    """One pathway. `ap` is null until she is named."""

    id = serializers.UUIDField(source="public_id")
    family = serializers.UUIDField(source="family.public_id")
    birth_on = serializers.DateField(source="birth.day")
    state = serializers.CharField()
    rules = serializers.CharField(source="rules.code")
    carrier = serializers.UUIDField(source="carrier.public_id")
    ap = serializers.UUIDField(source="ap.public_id", allow_null=True)
    window_from = serializers.DateField()
    window_to = serializers.DateField()
    included_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class PersonOut(serializers.Serializer[Any]):
    """The mother or a co-parent."""

    name = serializers.CharField(help_text="Nom de famille en usage")
    first_names = serializers.CharField()
    phone = serializers.CharField()


class ChildOut(serializers.Serializer[Any]):
    """A child; `first_name` is empty until it is chosen."""

    id = serializers.UUIDField()
    first_name = serializers.CharField()
    sex = serializers.ChoiceField(choices=Sex.choices)
    birth_weight_g = serializers.IntegerField(allow_null=True)
    is_hospitalised = serializers.BooleanField(allow_null=True, help_text="null pour les médecins hors de l’équipe")


class BirthOut(serializers.Serializer[Any]):
    """A delivery with its children and its pathway."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    maternity = serializers.UUIDField()
    maternity_name = serializers.CharField()
    mode = serializers.ChoiceField(choices=BirthMode.choices, allow_null=True, help_text="null hors de l’équipe")
    term_weeks = serializers.IntegerField(allow_null=True)
    is_silent = serializers.BooleanField()
    children = ChildOut(many=True, help_text="Ceux dont le suivi continue")
    discharge_at = serializers.DateTimeField(allow_null=True)
    discharge_kind = serializers.CharField(allow_null=True)
    pathway = serializers.UUIDField(allow_null=True)
    pathway_state = serializers.CharField(allow_null=True)


class ContactOut(serializers.Serializer[Any]):
    """Safe-contact rules; obey them before any call or message.

    `is_closed`: the follow-up stopped or the family mourns; whatever she wished before, no way is open any more.
    `is_after_team`: life has changed there; whoever would ring or write speaks to the team first, and sends nothing.
    `is_through_team`: nobody rings her or writes to her without the team; what she wished stays in the file.
    """

    is_through_team = serializers.BooleanField(help_text="ni appel ni message : passez par l’équipe de référence")
    is_after_team = serializers.BooleanField(help_text="parlez d’abord à l’équipe de référence")
    is_closed = serializers.BooleanField(help_text="plus de message ni d’appel : voyez l’équipe de référence")
    hours = serializers.ListField(child=serializers.CharField())
    may_sms = serializers.BooleanField()
    may_email = serializers.BooleanField()
    may_call = serializers.BooleanField(allow_null=True, help_text="null tant que personne ne l’a demandé")
    may_space = serializers.BooleanField()
    is_refused = serializers.BooleanField(help_text="aucun contact entre les visites")
    is_discreet = serializers.BooleanField()
    no_voice_mail = serializers.BooleanField()


class FamilyOut(FamilyLine):
    """The line of a family, then its file. `version` goes back with a correction: an older one is refused."""

    version = serializers.CharField()
    mother = PersonOut()
    email = serializers.CharField()
    coparents = PersonOut(many=True)
    address = serializers.CharField()
    access_hint = serializers.CharField()
    pmi = serializers.CharField(help_text="PMI de secteur, vide quand elle n’est pas attribuée")
    contact = ContactOut()
    births = BirthOut(many=True)


def _birth(birth: BirthFacts, *, is_of_team: bool, is_told_home: bool) -> dict[str, Any]:
    discharge, pathway = birth.discharge, birth.pathway
    return {
        "id": birth.public_id,
        "at": birth.at,
        "maternity": birth.maternity_id,
        "maternity_name": birth.maternity,
        # incl.birth.mode: stays with the referring team.
        "mode": birth.mode if is_of_team else None,
        "term_weeks": birth.term_weeks,
        "is_silent": birth.is_silent,
        "children": [
            {
                "id": child.public_id,
                "first_name": child.first_name,
                "sex": child.sex,
                "birth_weight_g": child.birth_weight_g,
                "is_hospitalised": child.is_hospitalised if is_told_home else None,
            }
            for child in birth.children
            # Nobody asks after a child who died (A38): the same children as on the page.
            if not child.is_closed
        ],
        "discharge_at": discharge.at if discharge else None,
        "discharge_kind": discharge.kind if discharge else None,
        "pathway": pathway.public_id if pathway else None,
        "pathway_state": pathway.state if pathway else None,
    }


def _file(family: Family, member: Member) -> dict[str, Any]:
    """What FamilyOut says of this family now."""
    return {**line(_named(Family.objects.all()), FamilyLine, pk=family.pk), **_details_of(family, member)}


def _named(families: QuerySet[Family]) -> QuerySet[Family]:
    """Families with the name in use of their mother."""
    in_use = Case(When(used_name="", then=F("birth_name")), default=F("used_name"))
    mothers = Mother.objects.filter(family=OuterRef("pk")).annotate(in_use=in_use).values("in_use")[:1]
    return families.annotate(name=Subquery(mothers))


def _details_of(family: Family, member: Member) -> dict[str, Any]:
    """What this member reads of the file: how to come in is the team's, where she lives not for doctors outside."""
    facts: FamilyFacts = family_facts(family.pk, clock.now())
    mother = facts.mother
    is_told_home, is_of_team = perms.reads_home(member), perms.is_of_team(member)
    return {
        "version": details_token(family),
        "mother": {
            "name": mother.name,
            "first_names": mother.first_names,
            "phone": mother.phone if is_told_home else "",
        },
        "email": mother.email if is_told_home else "",
        "coparents": [
            {"name": one.name, "first_names": one.first_names, "phone": one.phone if is_told_home else ""}
            for one in facts.coparents
        ],
        "address": facts.address if is_told_home else "",
        "access_hint": facts.access_hint if is_of_team else "",
        "pmi": facts.pmi,
        "contact": _contact_of(facts),
        "births": [_birth(birth, is_of_team=is_of_team, is_told_home=is_told_home) for birth in facts.births],
    }


def _contact_of(facts: FamilyFacts) -> dict[str, Any]:
    """What she wished, and nothing of it once it is over (A36, A38); the space alone outlives the visits."""
    wished = {
        name: getattr(facts.contact, name) for name in ContactOut().fields if name not in {"is_closed", "is_after_team"}
    }
    wished["is_after_team"] = is_after_team = asks_team_first(facts)
    closed = dict.fromkeys(("may_sms", "may_email", "may_call"), False)
    if not facts.takes_nothing_new:
        return {"is_closed": False, **wished, **(closed if is_after_team or facts.contact.is_through_team else {})}
    keeps_space = facts.birth is not None and facts.birth.keeps_space
    is_kept = rules.has_kept_space(state=facts.pathway.state if facts.pathway else "", keeps_space=keeps_space)
    return {**wished, **closed, "is_closed": True, "may_space": facts.contact.may_space and is_kept}


# ---- What comes in ----------------------------------------------------------------------------------------
class FamilyIn(StrictSerializer):
    """A correction: what is left out stays. `version` is the one read before."""

    version = serializers.CharField(max_length=16)
    phone = serializers.CharField(max_length=24, allow_blank=True, required=False)
    email = serializers.EmailField(allow_blank=True, required=False)
    address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    commune = serializers.CharField(
        max_length=90, required=False, help_text="Code COG ; hors du territoire, nom et code postal : Metz (57000)"
    )
    is_outside = serializers.BooleanField(
        default=False, help_text="Cette commune est hors du territoire, c’est vérifié ; sans quoi outside_unconfirmed"
    )
    access_hint = serializers.CharField(max_length=120, allow_blank=True, required=False)
    hours = serializers.ListField(child=serializers.ChoiceField(choices=ContactHours.choices), required=False)
    may_sms = serializers.BooleanField(required=False)
    may_email = serializers.BooleanField(required=False)
    may_call = serializers.BooleanField(required=False)
    may_space = serializers.BooleanField(required=False)
    is_refused = serializers.BooleanField(required=False)
    is_discreet = serializers.BooleanField(required=False)
    no_voice_mail = serializers.BooleanField(required=False)

    def validate_phone(self, text: str) -> str:
        """+E.164, for the region of the territory."""
        number = rules.e164(text, self.context["region"]) if text else ""
        if number is None:
            raise serializers.ValidationError("Ce numéro n’existe pas dans la région du territoire.")
        return number

    def validate_commune(self, text: str) -> Commune:
        """A commune of the territory by its code; another one by its name and postal code, for `is_outside`."""
        known: Commune | None = Commune.objects.filter(code=text).first()
        commune = known or outside_commune(text)
        if commune is None:
            raise serializers.ValidationError(
                "Cette commune n’est pas du territoire. Si la famille habite ailleurs, écrivez nom et code postal."
            )
        ours = Commune.objects.filter(is_outside=False).order_by("code").values_list("name", flat=True)
        if known is None and commune.search in map(rules.normalised, ours):
            raise serializers.ValidationError("Cette commune est du territoire : donnez son code.")
        return commune


def _check_home(family: Family, data: dict[str, Any]) -> None:
    """Raises `outside_unconfirmed`, as the pages do; where she lives already was confirmed then."""
    commune, known = data.get("commune"), family.commune
    if commune is not None and (known is None or known.code != commune.code):
        check_outside_confirmed(commune, is_confirmed=data["is_outside"])


def _details(family: Family, data: dict[str, Any]) -> Details:
    """The present details with what the correction changes."""
    mother = Mother.objects.get(family=family)
    contact = {
        "hours": tuple(family.contact_hours),
        "may_sms": family.may_sms,
        "may_email": family.may_email,
        "may_call": family.may_call,
        "may_space": family.may_space,
        "is_refused": family.is_contact_refused,
        "is_discreet": family.is_discreet,
        "no_voice_mail": family.no_voice_mail,
        "is_shared_phone": family.is_phone_shared,
    }
    known = {
        "used_name": mother.used_name,
        "phone": mother.phone,
        "email": mother.email,
        "address": family.address,
        "commune": family.commune,
        "access_hint": family.access_hint,
        "language": mother.language,
        "access_needs": tuple(mother.access_needs),
    }
    wishes = {name: data.get(name, value) for name, value in contact.items()}
    values = {name: data.get(name, value) for name, value in known.items()}
    wishes["hours"] = tuple(dict.fromkeys(wishes["hours"]))
    return Details(contact=Contact(**wishes), children={}, **values)


# ---- Doors ------------------------------------------------------------------------------------------------
class FamilyViewSet(viewsets.GenericViewSet[Family]):
    """Families whose file the member may hold, newest first."""

    serializer_class = FamilyOut
    lookup_field = "public_id"
    lookup_value_regex = UUID_PATTERN

    def get_permissions(self) -> list[BasePermission]:
        """Correcting is a permission of its own."""
        perm = perms.EDIT_FAMILY if self.action == "partial_update" else perms.SEE_FAMILY
        return [needs(perm)()]

    def get_queryset(self) -> QuerySet[Family]:
        """The rows of the permission."""
        return perms.SEE_FAMILY.rows(self.request.member)  # type: ignore[attr-defined]

    @extend_schema(responses=FamilyLine(many=True))
    def list(self, request: Request) -> Response:
        """50 a page, by key."""
        return lines(self, _named(self.get_queryset()), FamilyLine)

    @extend_schema(parameters=PUBLIC_ID, responses=FamilyOut)
    def retrieve(self, request: Request, public_id: Any = None) -> Response:
        """The head of one file; reading it is logged."""
        family = fetch(perms.SEE_FAMILY, _member(request), public_id=public_id)
        return Response(_file(family, _member(request)))

    @extend_schema(parameters=PUBLIC_ID, request=FamilyIn, responses=FamilyOut)
    def partial_update(self, request: Request, public_id: Any = None) -> Response:
        """Correct coordinates and contact rules; an unknown field or an older version is refused."""
        member = _member(request)
        family = fetch(perms.EDIT_FAMILY, member, public_id=public_id)
        asked = FamilyIn(data=request.data, context={"region": member.territory.phone_region})
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        _check_home(family, data)
        edit_family(family=family, token=data["version"], details=_details(family, data), at=clock.now())
        return Response(_file(family, _member(request)))


class PathwayViewSet(viewsets.GenericViewSet[Pathway]):
    """Pathways of the families the member follows, newest first."""

    serializer_class = PathwayLine
    lookup_field = "public_id"
    lookup_value_regex = UUID_PATTERN

    def get_permissions(self) -> list[BasePermission]:
        """The same permission for the list and for one."""
        return [needs(perms.SEE_PATHWAYS)()]

    def get_queryset(self) -> QuerySet[Pathway]:
        """The rows of the permission."""
        return perms.SEE_PATHWAYS.rows(self.request.member)  # type: ignore[attr-defined]

    @extend_schema(responses=PathwayLine(many=True))
    def list(self, request: Request) -> Response:
        """50 a page, by key."""
        return lines(self, self.get_queryset(), PathwayLine)

    @extend_schema(parameters=PUBLIC_ID, responses=PathwayLine)
    def retrieve(self, request: Request, public_id: Any = None) -> Response:
        """One pathway; reading it is logged."""
        pathway = fetch(perms.SEE_PATHWAYS, _member(request), public_id=public_id)
        return Response(line(Pathway.objects.all(), PathwayLine, pk=pathway.pk))


def _member(request: Request) -> Member:
    return request.member  # type: ignore[attr-defined,no-any-return]
