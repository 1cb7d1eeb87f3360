"""The register of conventions (R035, R042, R071): one is written, corrected; an inclusion outside of them is noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from territories.actions.files import Sent, store_pdf
from territories.enums import LEADERS, PartnershipKind, Role, StructureKind
from territories.models import ConventionGap, Member, Partnership, PartnershipParty, Structure
from territories.notices import partnership_ends
from territories.rules import NEEDS_CONVENTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A convention or partnership as typed; `ends_on` None when it has no end, `document` None to leave it as it is."""

    kind: str
    title: str
    scope: str
    inclusion_procedure: str
    other_parties: str
    has_ars_support: bool
    signed_on: date
    signed_by: str
    starts_on: date
    ends_on: date | None
    structures: Sequence[Structure]
    document: Sent | None = None


@transaction.atomic
def write_partnership(*, agreed: Agreed, by: Member, at: datetime) -> Partnership:
    """One more in the register.

    Raises `signed_ahead`, `ends_before_start`, `no_party`, `no_maternity`, `no_procedure`, and what `store_pdf` raises.
    """
    _check(agreed, at, by.territory.time_zone)
    document = store_pdf(sent=agreed.document, by=by, at=at)
    values = {name: getattr(agreed, name) for name in Partnership.TYPED}
    made: Partnership = Partnership.objects.create(**values, document=document, written_by=by, written_at=at)
    PartnershipParty.objects.bulk_create(PartnershipParty(partnership=made, structure=one) for one in agreed.structures)
    return made


@transaction.atomic
def correct_partnership(*, partnership: Partnership, agreed: Agreed, by: Member, at: datetime) -> None:
    """Write it again; what it said stands in the history. Another document takes the place of the first.

    Raises as `write_partnership`.
    """
    _check(agreed, at, by.territory.time_zone)
    held = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    document = store_pdf(sent=agreed.document, by=by, at=at)
    values = {name: getattr(agreed, name) for name in Partnership.TYPED}
    if document is not None:
        values["document"] = document
    Partnership.objects.filter(pk=held.pk).update(**values)
    wanted = {one.pk for one in agreed.structures}
    parties = PartnershipParty.objects.filter(partnership=held)
    known = set(parties.order_by("pk").values_list("structure_id", flat=True))
    parties.exclude(structure__in=wanted).delete()
    PartnershipParty.objects.bulk_create(
        PartnershipParty(partnership=held, structure_id=key) for key in sorted(wanted - known)
    )


def _check(agreed: Agreed, at: datetime, zone: str) -> None:
    """Raises `signed_ahead`, `ends_before_start`, `no_party`, `no_maternity`, `no_procedure`."""
    if agreed.signed_on > clock.local_date(at, zone):
        raise BusinessError("signed_ahead", "Ce jour n’est pas encore venu.", field="signed_on")
    if agreed.ends_on is not None and agreed.ends_on < agreed.starts_on:
        raise BusinessError("ends_before_start", "Le dernier jour précède le premier.", field="ends_on")
    if not agreed.structures or (len(agreed.structures) == 1 and not agreed.other_parties.strip()):
        message = "Une convention lie au moins deux parties : cochez-les, ou écrivez l’autre."
        raise BusinessError("no_party", message, field="structures")
    if agreed.kind == PartnershipKind.CONVENTION:
        _check_convention(agreed)


def _check_convention(agreed: Agreed) -> None:
    kinds = {one.kind for one in agreed.structures}
    if StructureKind.MATERNITY not in kinds:
        message = "Cochez la maternité avec laquelle elle est signée, ou choisissez « Autre partenariat »."
        raise BusinessError("no_maternity", message, field="structures")
    # R071: when the auxiliaries are those of a CPP or of the PMI, the convention says how families are included.
    if kinds & NEEDS_CONVENTION and not agreed.inclusion_procedure.strip():
        message = "Écrivez comment les familles sont repérées et incluses : la convention le prévoit."
        raise BusinessError("no_procedure", message, field="inclusion_procedure")


@transaction.atomic
def set_eligibility(*, structure: Structure, is_authorised: str, plans_auxiliaries: str) -> None:
    """What a structure says of itself (R040); the history keeps who wrote it and when."""
    told = {"is_authorised": is_authorised, "plans_auxiliaries": plans_auxiliaries}
    Structure.objects.filter(pk=structure.pk).update(**told)


@transaction.atomic
def note_gap_if_any(*, structure: Structure, day: date, family_id: int, by: Member, at: datetime) -> None:
    """Note an inclusion carried by this structure that lies outside every convention of its own (R042).

    Never a refusal: the family is included, the territory knows. A maternity needs none.
    """
    covering = Partnership.objects.running(day).with_a_maternity().of_party(structure)
    if structure.kind not in NEEDS_CONVENTION or covering.exists():
        return
    ConventionGap.objects.create(structure=structure, included_on=day, family_id=family_id, noted_by=by, noted_at=at)


# ---- What ends soon -------------------------------------------------------------------------------------------
def partnerships_to_tell(*, today: date) -> list[int]:
    """Keys of those that end soon: candidates, `tell_of_end` decides."""
    return list(Partnership.objects.ending_soon(today).order_by("ends_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def tell_of_end(*, pk: int, today: date, at: datetime) -> bool:
    """Write to those who lead the territory, once for each last day; False when it no longer ends soon."""
    partnership = Partnership.objects.ending_soon(today).filter(pk=pk).first()
    if partnership is None:
        return False
    leaders = Member.objects.current(today).with_role(*LEADERS, Role.ADMINISTRATOR)
    readers = [one.user.email for one in leaders.select_related("user").order_by("pk")]
    partnership_ends(partnership=partnership.public_id, ends_on=partnership.ends_on, readers=readers, at=at)
    return True
