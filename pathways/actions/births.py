"""A birth enters the platform; then the way home, and silence when there is nothing to celebrate."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from copa.kernel import scope
from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.meanwhile import check_unchanged, token_of
from pathways import rules
from pathways.actions.early import follow_discharge
from pathways.actions.presentations import adopt_exact
from pathways.actions.shared import local_day, lock_birth, store_words
from pathways.actions.stays import follow_ticks
from pathways.enums import DayPrecision, DischargeKind
from pathways.models import Birth, Child, CoParent, Discharge, Family, Mother
from pathways.reads.duplicates import Typed, duplicate_reasons
from pathways.signals import discharge_noted
from territories.actions.communes import stored_commune
from territories.models import Commune, Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMother:
    """`phone` is E.164 or "". `birth_on` is the first day of what `birth_precision` says is known."""

    birth_name: str
    used_name: str
    first_names: str
    birth_on: date
    phone: str
    email: str
    birth_precision: str = DayPrecision.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoParent:
    """`phone` is E.164 or ""."""

    first_names: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChild:
    """`first_name` "" until it is chosen; `birth_weight_g` None when unknown."""

    first_name: str
    sex: str
    birth_weight_g: int | None
    is_hospitalised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBirth:
    """One delivery. `commune` None while the address is unknown; `term_weeks` None when unknown.

    `is_old_confirmed`: somebody has looked at the date of a birth that the ward is no longer concerned with.
    """

    maternity: Structure
    at: datetime
    mode: str
    term_weeks: int | None
    parity: str
    children: tuple[NewChild, ...]
    address: str
    commune: Commune | None
    access_hint: str
    is_old_confirmed: bool = False


@transaction.atomic
def register_birth(
    *,
    mother: NewMother,
    coparents: tuple[NewCoParent, ...],
    birth: NewBirth,
    is_other_family: bool,
    at: datetime,
) -> Birth:
    """Store a new family with its birth.

    Raises `possible_duplicate` unless `is_other_family` says that somebody has looked at the candidates; refuses a
    birth in the future or long past, and an age no mother has.
    """
    day = _checked_day(birth, at)
    check_mother_age(mother.birth_on, day, mother.birth_precision)
    one_at_a_time()
    if not is_other_family and duplicate_reasons(typed_of(mother, coparents, birth)):
        raise BusinessError("possible_duplicate", "Cette famille existe peut-être déjà. Comparez, puis cochez la case.")
    family = _new_family(birth, at)
    Mother.objects.create(
        family=family,
        birth_name=mother.birth_name,
        used_name=mother.used_name,
        first_names=mother.first_names,
        birth_on=mother.birth_on,
        birth_precision=mother.birth_precision,
        phone=mother.phone,
        email=mother.email,
    )
    for parent in coparents:
        CoParent.objects.create(family=family, first_names=parent.first_names, name=parent.name, phone=parent.phone)
    return _with_presentation(_store(family, birth, day, at), at)


@transaction.atomic
def add_birth(*, family: Family, birth: NewBirth, at: datetime) -> Birth:
    """Store another birth of a family that is already known; its identity and contact rules stay as they are.

    The family belongs to the maternity of its last birth. Raises `same_delivery` when it has one within
    SAME_DELIVERY_DAYS of this one.
    """
    day = _checked_day(birth, at)
    Family.objects.select_for_update(of=("self",)).get(pk=family.pk)
    check_other_delivery(Birth.objects.filter(family=family), birth.at)
    if not Birth.objects.filter(family=family, at__gt=birth.at).exists():
        Family.objects.filter(pk=family.pk).update(maternity=birth.maternity)
    return _with_presentation(_store(family, birth, day, at), at)


def _with_presentation(birth: Birth, at: datetime) -> Birth:
    """A presentation made to this very mother before the birth becomes its proposal (R064)."""
    adopt_exact(birth=birth, at=at)
    return birth


def check_other_delivery(others: Any, born_at: datetime) -> None:
    """Raises `same_delivery` when one of the other births of the family is too close to be another one."""
    span = timedelta(days=rules.SAME_DELIVERY_DAYS)
    if others.filter(at__gte=born_at - span, at__lte=born_at + span).exists():
        message = "Cette naissance est déjà inscrite dans le dossier de la famille."
        raise BusinessError("same_delivery", message, field="at")


def check_mother_age(birth_on: date, day: date, precision: str = DayPrecision.DAY) -> None:
    """Raises `mother_age` when nobody gives birth at that age, or at any that she may have."""
    if not set(rules.ages_on(birth_on, precision, day)) & set(rules.MOTHER_AGES):
        message = "Vérifiez sa date de naissance : l’âge calculé ne convient pas."
        raise BusinessError("mother_age", message, field="birth_on")


def typed_of(mother: NewMother, coparents: tuple[NewCoParent, ...], birth: NewBirth) -> Typed:
    """What the search for duplicates compares."""
    return Typed(
        birth_name=mother.birth_name,
        used_name=mother.used_name,
        first_names=mother.first_names,
        birth_on=mother.birth_on,
        birth_precision=mother.birth_precision,
        phones=tuple(number for number in (mother.phone, *(one.phone for one in coparents)) if number),
        born_at=birth.at,
    )


def check_has_happened(born_at: datetime, at: datetime) -> None:
    """Raises `birth_in_future` or `birth_before_copa`; the form asks it too, to say all that is wrong in one answer."""
    if born_at > at:
        raise BusinessError("birth_in_future", "La naissance ne peut pas être dans le futur.", field="at")
    if local_day(born_at) < rules.FIRST_BIRTH_DAY:
        message = "Vérifiez l’année de la naissance : CoPa n’existe que depuis 2021."
        raise BusinessError("birth_before_copa", message, field="at")


def _checked_day(birth: NewBirth, at: datetime) -> date:
    check_has_happened(birth.at, at)
    assert birth.children, "a birth has at least one child"
    if at - birth.at > timedelta(days=rules.WARD_DAYS) and not birth.is_old_confirmed:
        message = f"Cette naissance date de plus de {rules.WARD_DAYS} jours : vérifiez-la, puis cochez la case."
        raise BusinessError("birth_long_past", message, field="is_old_confirmed")
    return local_day(birth.at)


def one_at_a_time() -> None:
    """Two people typing the same mother at the same moment: the second one sees what the first one stored.

    For the whole territory: she is recognised by her name or her phone too, when one of them mistypes her birth date.
    """
    key = f"register_birth:{scope.current_territory_id()}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _new_family(birth: NewBirth, at: datetime) -> Family:
    commune = stored_commune(birth.commune)
    for _ in range(5):
        try:
            with transaction.atomic():
                family: Family = Family.objects.create(
                    reference=new_reference(),
                    maternity=birth.maternity,
                    address=birth.address,
                    commune=commune,
                    access_hint=birth.access_hint,
                    created_at=at,
                )
                return family
        except IntegrityError:
            # Drawn before, once in a thousand years of a territory: draw again.
            continue
    raise RuntimeError("no free family reference")


def new_reference() -> str:
    """The territory's letters and a random part, so that nobody waits for a counter."""
    return rules.family_reference(scope.current().slug, secrets.randbelow(rules.REFERENCES))


def _store(family: Family, new: NewBirth, day: date, at: datetime) -> Birth:
    with refusals_of(Birth, Child):
        birth: Birth = Birth.objects.create(
            family=family,
            maternity=new.maternity,
            at=new.at,
            day=day,
            mode=new.mode,
            term_weeks=new.term_weeks,
            parity=new.parity,
        )
        Child.objects.bulk_create(
            Child(
                family=family,
                birth=birth,
                rank=rank,
                first_name=child.first_name,
                sex=child.sex,
                birth_weight_g=child.birth_weight_g,
                is_hospitalised=child.is_hospitalised,
            )
            for rank, child in enumerate(new.children, start=1)
        )
    follow_ticks(family_id=family.pk, at=at)
    store_words(family_id=family.pk)
    return birth


@transaction.atomic
def record_discharge(
    *,
    birth: Birth,
    discharged_at: datetime,
    kind: str,
    has_medical_agreement: bool,
    decided_by: str,
    by: Member,
    at: datetime,
    token: str | None = None,
) -> Discharge:
    """Store the way home, or correct it: first as planned, then as it was. `kind` is the doctor's choice (A08).

    An ultra-early one of an included family calls an auxiliary in the same transaction (R054).

    `token` is what the writer has read (`discharge_token`), None for whoever replaces what stands.

    Raises `changed_meanwhile`, `discharge_before_birth`, `discharge_too_far`, `agreement_missing` (ultra-early, R033).
    """
    # Held: nobody is called to a family in whom a death is noted at this moment.
    birth = lock_birth(birth.pk)
    if token is not None:
        check_unchanged(token, discharge_token(birth))
    check_discharge(birth, discharged_at, at)
    if kind == DischargeKind.ULTRA_EARLY and not has_medical_agreement:
        message = "Une sortie ultra-précoce demande l’accord médical."
        raise BusinessError("agreement_missing", message, field="has_medical_agreement")
    values: dict[str, Any] = {"at": discharged_at, "kind": kind, "has_medical_agreement": has_medical_agreement}
    values |= {"decided_by": decided_by, "recorded_by": by, "recorded_at": at}
    known = {"family_id": birth.family_id, **values}
    with refusals_of(Discharge):
        discharge, _ = Discharge.objects.update_or_create(birth=birth, defaults=values, create_defaults=known)
    follow_discharge(birth_id=birth.pk, at=at)
    discharge_noted.send(Birth, birth=birth, at=at)
    return discharge  # type: ignore[no-any-return]


def discharge_token(birth: Birth) -> str:
    """A short print of the way home as it stands."""
    columns = ("at", "kind", "has_medical_agreement", "decided_by")
    return token_of(Discharge.objects.filter(birth=birth).values_list(*columns).first())


def check_discharge(birth: Birth, discharged_at: datetime, at: datetime) -> None:
    """Raises `discharge_before_birth` or `discharge_too_far`."""
    if discharged_at < birth.at:
        raise BusinessError("discharge_before_birth", "La sortie précède la naissance.", field="discharged_at")
    if discharged_at > at + rules.DISCHARGE_AHEAD:
        raise BusinessError("discharge_too_far", "Cette sortie est dans plus de deux mois.", field="discharged_at")
