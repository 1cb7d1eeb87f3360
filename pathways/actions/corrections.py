"""Who she is and what was born: corrected after a typing error. The triggers keep what was written before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, ProtectedError

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.meanwhile import check_unchanged, token_of
from pathways import rules
from pathways.actions.births import (
    NewChild,
    NewCoParent,
    check_has_happened,
    check_mother_age,
    check_other_delivery,
)
from pathways.actions.shared import end_of_day, local_day, store_words
from pathways.actions.stays import follow_ticks
from pathways.enums import DayPrecision, RelayState
from pathways.models import Birth, Child, CoParent, Discharge, Family, HospitalStay, Mother, Pathway, PmiRelay
from pathways.signals import birth_moved, child_removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A mother as written at the maternity."""

    birth_name: str
    used_name: str
    first_names: str
    birth_on: date
    birth_precision: str = DayPrecision.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as corrected; `term_weeks` None when unknown."""

    at: datetime
    mode: str
    term_weeks: int | None
    parity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people as corrected. Those known stand under their public id, None takes one out; the new ones follow."""

    children: Mapping[UUID, NewChild | None]
    new_children: Sequence[NewChild]
    coparents: Mapping[UUID, NewCoParent | None]
    new_coparents: Sequence[NewCoParent]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new day of birth changed: the days of the visits, and how many planned ones lie outside them."""

    window: rules.Window
    outside: int


def identity_token(birth: Birth) -> str:
    """A short print of everything `correct_identity` may change, as it stands in the database now."""
    names = ("birth_name", "used_name", "first_names", "birth_on", "birth_precision")
    mother = Mother.objects.values_list(*names).get(family=birth.family_id)
    delivery = Birth.objects.values_list("at", "mode", "term_weeks", "parity").get(pk=birth.pk)
    columns = ("pk", "first_name", "sex", "birth_weight_g", "is_hospitalised")
    children = Child.objects.filter(birth=birth, closed_at=None).order_by("pk").values_list(*columns)
    parents = CoParent.objects.filter(family=birth.family_id).order_by("pk")
    facts = (mother, delivery, list(children), list(parents.values_list("pk", "first_names", "name", "phone")))
    return token_of(facts)


@transaction.atomic
def correct_identity(
    *, birth: Birth, token: str, mother: Identity, delivery: Delivery, people: People, at: datetime
) -> Moved | None:
    """Correct who she is, a delivery and its people; None unless the days of the visits moved.

    Same checks as at registration. Raises `changed_meanwhile` when somebody else corrected it since `token`.
    """
    Family.objects.select_for_update(of=("self",)).get(pk=birth.family_id)
    check_unchanged(token, identity_token(birth))
    birth = Birth.objects.get(pk=birth.pk)
    correct_mother(family_id=birth.family_id, mother=mother, given_birth_on=local_day(delivery.at))
    moved = _correct_delivery(birth, delivery, at)
    _correct_children(birth, people)
    follow_ticks(family_id=birth.family_id, at=at)
    _correct_coparents(birth.family_id, people)
    store_words(family_id=birth.family_id)
    return moved


def correct_mother(*, family_id: int, mother: Identity, given_birth_on: date) -> None:
    """Write who she is; inside the caller's transaction, who writes the words of the names afterwards.

    Raises `mother_age` when she was too young or too old on any of the days she gave birth.
    """
    known = Birth.objects.filter(family=family_id).order_by("day").values_list("day", flat=True)
    for day in (given_birth_on, *known):
        check_mother_age(mother.birth_on, day, mother.birth_precision)
    values = {name: getattr(mother, name) for name in Identity.__dataclass_fields__}
    Mother.objects.filter(family=family_id).update(**values)


# ---- The delivery --------------------------------------------------------------------------------------------
def _correct_delivery(birth: Birth, delivery: Delivery, at: datetime) -> Moved | None:
    day = local_day(delivery.at)
    if delivery.at != birth.at:
        _check_moment(birth, delivery.at, at)
    with refusals_of(Birth):
        Birth.objects.filter(pk=birth.pk).update(
            at=delivery.at, day=day, mode=delivery.mode, term_weeks=delivery.term_weeks, parity=delivery.parity
        )
    return _move_days(birth, day, at) if day != birth.day else None


def _check_moment(birth: Birth, born_at: datetime, at: datetime) -> None:
    """What is written of the family must still follow the birth."""
    check_has_happened(born_at, at)
    check_other_delivery(Birth.objects.filter(family=birth.family_id).exclude(pk=birth.pk), born_at)
    if Discharge.objects.filter(birth=birth, at__lt=born_at).exists():
        message = "La sortie de maternité précéderait la naissance : corrigez d’abord la sortie."
        raise BusinessError("birth_after_discharge", message, field="at")
    if Pathway.objects.filter(birth=birth, included_at__lt=born_at).exists():
        message = "La famille a été incluse avant cette date : vérifiez-la."
        raise BusinessError("birth_after_inclusion", message, field="at")


def _move_days(birth: Birth, day: date, at: datetime) -> Moved | None:
    """Promise the days again from the corrected one. A pathway that is over keeps what it was counted under."""
    moved = None
    # An outcome that ended the follow-up keeps the day it ended it; every other relay ends with the sixth birthday.
    PmiRelay.objects.filter(pathway__birth=birth).exclude(outcome__in=rules.RELAY_ENDS).update(
        ends_at=end_of_day(rules.pmi_last_day(day))
    )
    running = Pathway.objects.filter(birth=birth, state__in=rules.RUNNING).select_related("rules").order_by("pk")
    for pathway in running:
        version = pathway.rules
        window = rules.visit_window(day, version.window_from_day, version.window_to_day)
        Pathway.objects.filter(pk=pathway.pk).update(window_from=window.first, window_to=window.last)
        # A relay that the team asked for earlier, or handed over in person, keeps its own day (R051).
        waiting = PmiRelay.objects.filter(pathway=pathway, started_at=None, handed_at=None)
        waiting.exclude(state=RelayState.ACCEPTED).update(due_on=rules.relay_due_on(day, version.relay_day))
        answers: list[tuple[Any, Any]] = birth_moved.send(Pathway, pathway=pathway, window=window, at=at)
        moved = Moved(window, sum(number for _, number in answers))
    return moved


# ---- Its people ----------------------------------------------------------------------------------------------
def _correct_children(birth: Birth, people: People) -> None:
    for public_id, child in people.children.items():
        known = Child.objects.get(birth=birth, public_id=public_id)
        if child is None:
            _remove_child(known)
        else:
            _write(Child.objects.filter(pk=known.pk), child)
    last = Child.objects.filter(birth=birth).aggregate(last=Max("rank"))["last"] or 0
    with refusals_of(Child):
        for rank, child in enumerate(people.new_children, start=last + 1):
            Child.objects.create(family_id=birth.family_id, birth=birth, rank=rank, **_columns(child))
    if not Child.objects.filter(birth=birth).exists():
        raise BusinessError("no_child", "Une naissance a au moins un enfant.")


def _remove_child(child: Child) -> None:
    """Take out a child typed by error; raises `child_in_use` once anything was written about it."""
    try:
        child_removed.send(Child, child=child)
        # Ticked with the birth and noted by nobody since: it goes with the child that was typed by error.
        HospitalStay.objects.filter(child=child, noted_by=None).delete()
        child.delete()
    except ProtectedError as error:
        raise child_in_use(child) from error


def child_in_use(child: Child) -> BusinessError:
    """The refusal to take out a child; receivers of `child_removed` raise it too."""
    message = f"{child.shown_name} ne peut pas être retiré : des faits sont déjà notés à son sujet."
    return BusinessError("child_in_use", message)


def _correct_coparents(family_id: int, people: People) -> None:
    for public_id, parent in people.coparents.items():
        known = CoParent.objects.filter(family=family_id, public_id=public_id)
        if parent is None:
            _remove_coparents(known)
        else:
            _write(known, parent)
    for parent in people.new_coparents:
        CoParent.objects.create(family_id=family_id, **_columns(parent))


def _remove_coparents(known: Any) -> None:
    """Take out a co-parent typed by error; raises `coparent_in_use` once he was informed or has answered."""
    try:
        known.delete()
    except ProtectedError as error:
        message = "Ce co-parent ne peut pas être retiré : son information ou une réponse est déjà notée."
        raise BusinessError("coparent_in_use", message) from error


def _write(row: Any, person: NewChild | NewCoParent) -> None:
    with refusals_of(row.model):
        row.update(**_columns(person))


def _columns(person: NewChild | NewCoParent) -> dict[str, Any]:
    return {name: getattr(person, name) for name in type(person).__dataclass_fields__}
