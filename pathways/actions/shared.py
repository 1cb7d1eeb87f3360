"""What several actions need: the local day, the words of a family's names."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.models import Birth, Child, CoParent, Death, FamilyWord, Mother, Pathway
from territories.models import Member, Territory


def local_zone() -> str:
    """The time zone of the territory in scope."""
    zone: str = Territory.objects.values_list("time_zone", flat=True).get(pk=scope.current_territory_id())
    return zone


def local_day(at: datetime) -> date:
    """The calendar date of this instant where the territory in scope lives."""
    return clock.local_date(at, local_zone())


def end_of_day(day: date) -> datetime:
    """The first instant after this local day, where the territory in scope lives."""
    return clock.day_bounds(day, local_zone())[1]


def hold_family(*, family_id: int, pathway_id: int | None = None) -> None:
    """Hold what a family agreed to until the transaction ends: its last birth, after that of the pathway if another.

    A birth is the lock of everything written about it (`actions.deaths`); always in the order of births, so that two
    people never wait for each other.
    """
    births = Birth.objects.filter(family=family_id)
    wanted = set(births.order_by("-pk").values_list("pk", flat=True)[:1])
    wanted |= set(Pathway.objects.filter(pk=pathway_id).order_by("pk").values_list("birth_id", flat=True))
    list(births.filter(pk__in=wanted).select_for_update(of=("self",), no_key=True).order_by("pk"))


def id_of_submission(parent: UUID, by: Member, submission_id: UUID | None) -> UUID:
    """The public id of what one person sends about `parent`: the same for the same page, whose mark it is (49).

    Asked under a lock, it finds the row that the first sending stored. Without a mark every sending is new.
    """
    return uuid5(parent, f"{by.public_id} {submission_id}") if submission_id else uuid4()


def lock_birth(pk: int) -> Birth:
    """Hold the birth until the transaction ends: what is written about it and its silence happen one after the other.

    Taken before the row of a visit, always, so that two people never wait for each other.
    """
    locked: Birth = Birth.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return locked


def check_running(pathway: Pathway, *, about: str = "") -> None:
    """Raises `stopped` after a stop or in mourning: nothing new is noted outside a visit (A38, L12).

    `about`: whom a need is about; what is not the mother's goes on after her death (`rules.goes_on`). Holds the birth,
    so that a stop comes before or after. What a visit recorded is always accepted (design.md 3.6).
    """
    birth = lock_birth(pathway.birth_id)
    state, moved_at = Pathway.objects.values_list("state", "family__moved_at").get(pk=pathway.pk)
    # The yes of another territory ends it here at once; the job that comes after writes the state.
    is_over = rules.takes_nothing_new(is_silent=birth.is_silent, state=state)
    has_orphan = is_over and _has_orphan(birth, state)
    if moved_at is not None or not rules.goes_on(about, is_over=is_over, has_orphan=has_orphan):
        message = "L’accompagnement est arrêté : rien de nouveau ne se note ici. Appelez l’équipe de référence."
        raise BusinessError("stopped", message)


def check_mother_lives(*, family_id: int) -> None:
    """Raises `mourning` once her death is noted: nothing is asked of her, nor noted of her (A38).

    In words that the auxiliary may read: she does not learn a death from a screen (alerts.md 6.1).
    """
    if Death.objects.of_mothers().filter(family=family_id).exists():
        message = "Cette famille est en deuil : rien de nouveau ne se note ici. Appelez l’équipe de référence."
        raise BusinessError("mourning", message)


def _has_orphan(birth: Birth, state: str) -> bool:
    lives = Child.objects.filter(birth=birth, closed_at=None).exists()
    return rules.has_orphan(is_silent=birth.is_silent, has_living_child=lives, state=state)


def hold_offer(transfer: UUID) -> None:
    """Hold an offer to another territory until the transaction ends: the two cannot lock each other's rows, and meet
    on a lock named after the transfer. Taken after the birth, always."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"family_transfer:{transfer}"])


def store_words(*, family_id: int) -> None:
    """Write the words by which this family is searched; whatever writes a name of it calls this afterwards.

    Inside the caller's transaction, which holds the family when others may correct it at the same time.
    """
    wanted = rules.name_words(
        *_names(Mother, family_id, "birth_name", "used_name", "first_names"),
        *_names(CoParent, family_id, "first_names", "name"),
        *_names(Child, family_id, "first_name"),
    )
    words = FamilyWord.objects.filter(family=family_id)
    known = set(words.order_by("pk").values_list("word", flat=True))
    if known - wanted:
        words.exclude(word__in=wanted).delete()
    FamilyWord.objects.bulk_create(FamilyWord(family_id=family_id, word=word) for word in sorted(wanted - known))


def _names(model: Any, family_id: int, *columns: str) -> Iterator[str]:
    for row in model.objects.filter(family=family_id).order_by("pk").values_list(*columns):
        yield from row
