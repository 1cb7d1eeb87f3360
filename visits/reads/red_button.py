"""The red button of an AP: her families, whom a sign is about, the signs, and the procedure that follows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from copa.kernel import clock
from copa.kernel.asked import as_uuid
from copa.kernel.french import listed
from copa.kernel.look import Tile
from pathways.enums import SIGN_KINDS, WITHOUT_CONTENT, PathwayState
from pathways.models import Alert, Birth, Pathway
from pathways.reads.alert_rows import AlertRow, rows_of
from pathways.reads.calls import TEAM, CallButton, call_lines
from pathways.reads.deaths import MOTHER, Somebody, alive_around
from pathways.reads.facts import homes
from pathways.reads.ladder import CalledPerson, called_now
from pathways.rules import RUNNING, day_of
from pathways.rules.screening import ASK_BEFORE_CALLING
from territories.models import Member
from visits import perms
from visits.enums import VisitState
from visits.models import Report, Visit
from visits.questionnaire import Questionnaire, load
from visits.questionnaire.alerts import SIGNAL_SAID, alert_book
from visits.questionnaire.library import packaged_definitions
from visits.reads.households import followed_children
from visits.reads.leaving import missing_to_leave
from visits.reads.signs import sign_label

HOME_CODE = "home"
# The list of signs of each person, as the report form calls it; "" is a child.
SIGNS = {MOTHER: "mother.flags", HOME_CODE: "home.flags", "": "child.flags"}


@cache
def signs_in_force() -> Questionnaire:
    """The form whose signs the red button offers: the one delivered with the alert book, whatever is loaded."""
    return load(packaged_definitions()[-1])


@dataclass(frozen=True, slots=True)
class RedFamily:
    """A family for whom she may raise an alert; `is_with`: she is there. `children` "" in silence or without a name."""

    pathway_id: UUID
    name: str
    children: str
    place: str
    is_with: bool

    @property
    def told_apart(self) -> str:
        """What tells two families of the same name apart: the children and the commune, as on her day."""
        return ", ".join(part for part in (self.children, self.place) if part)


@dataclass(frozen=True, slots=True)
class RedFamilies:
    """Her families: whom she is with, those of her tour of today, then the others by name."""

    today: tuple[RedFamily, ...]
    others: tuple[RedFamily, ...]


def red_families(member: Member, *, at: datetime, zone: str) -> RedFamilies:
    """Families of her running pathways, and of those in mourning; as many queries for any number."""
    first, last = clock.day_bounds(clock.local_date(at, zone), zone)
    visits = Visit.objects.filter(pathway=OuterRef("pk"), ap=member)
    tour = visits.filter(planned_at__gte=first, planned_at__lt=last).exclude(state=VisitState.CANCELLED)
    mine = perms.RAISE_SIGN.rows(member).filter(state__in=[*RUNNING, PathwayState.BEREAVED])
    rows = mine.annotate(is_with=Exists(visits.filter(state=VisitState.STARTED)), is_today=Exists(tour))
    found = list(rows.order_by("pk").values_list("public_id", "family_id", "birth_id", "is_with", "is_today"))
    known = homes(family for _, family, _, _, _ in found)
    children = followed_children(birth for _, _, birth, _, _ in found)
    today: list[RedFamily] = []
    others: list[RedFamily] = []
    for key, family, birth, is_with, is_today in found:
        home = known[family]
        shown = RedFamily(key, home.name, listed(children.get(birth, ())), home.commune, is_with)
        (today if is_with or is_today else others).append(shown)
    return RedFamilies(
        today=tuple(sorted(today, key=lambda one: (not one.is_with, one.name, one.told_apart))),
        others=tuple(sorted(others, key=lambda one: (one.name, one.told_apart))),
    )


# The first words of the address of a page, and how it leads to a pathway.
_BEHIND: dict[str, Callable[[UUID], Q]] = {
    "families": lambda key: Q(family__public_id=key),
    "pathways": lambda key: Q(public_id=key),
    "births": lambda key: Q(birth__public_id=key),
    "visits": lambda key: Q(pk__in=Visit.objects.filter(public_id=key).values("pathway")),
    "reports": lambda key: Q(pk__in=Report.objects.filter(public_id=key).values("visit__pathway")),
    "alerts": lambda key: Q(pk__in=Alert.objects.filter(public_id=key).values("pathway")),
}


def pathway_behind(member: Member, page: str) -> Pathway | None:
    """The pathway that the page she stands on is about ("visits:<public id>"), if she may raise an alert for it.

    A page about no family: that of the visit she is making, None outside one.
    """
    kind, _, typed = page.partition(":")
    key = as_uuid(typed)
    if kind in _BEHIND and key is not None:
        about = _BEHIND[kind](key)
    else:
        about = Q(pk__in=Visit.objects.filter(ap=member, state=VisitState.STARTED).values("pathway"))
    found: Pathway | None = perms.RAISE_SIGN.rows(member).filter(about).order_by("-pk").first()
    return found


def visit_left(member: Member, about: Q | None = None) -> Visit | None:
    """The visit by which she still raises an alert for a family that another territory has taken over meanwhile.

    `about` says which; None for the one she is making.
    """
    asked = Q(state=VisitState.STARTED) if about is None else about
    mine = perms.RAISE_SIGN_IN_VISIT.rows(member).filter(asked, family__moved_at__isnull=False)
    found: Visit | None = mine.order_by("-pk").first()
    return found


def visit_behind(member: Member, page: str) -> Visit | None:
    """The same for the page she stands on ("visits:<public id>"), else for the visit she is making."""
    kind, _, typed = page.partition(":")
    key = as_uuid(typed) if kind == "visits" else None
    return visit_left(member, Q(public_id=key) if key else None)


def people_around(birth: Birth) -> list[Somebody]:
    """Whom a sign may be about: each child, the mother, the home; nobody of whom a death is noted."""
    alive = alive_around(birth)
    children = [one for one in alive if one.code != MOTHER]
    return [*children, *(one for one in alive if one.code == MOTHER), Somebody(HOME_CODE, "Autre danger")]


def signs_about(who: str) -> list[tuple[str, Tile]]:
    """The signs of this person in the words of the alert book; [] when nobody is chosen."""
    if not who:
        return []
    item = signs_in_force().by_id[SIGNS.get(who, SIGNS[""])]
    offered = (option for option in item.options if option.family and not option.team_only)
    return [(option.code, Tile(option.label, hint=option.help, flag=True)) for option in offered]


def asks_safe_call(who: str) -> bool:
    """Whether one of these signs asks if the mother may be called without danger (A36)."""
    item = signs_in_force().by_id[SIGNS.get(who, SIGNS[""])]
    return any(option.family in ASK_BEFORE_CALLING for option in item.options if not option.team_only)


def first_alert(keys: Iterable[int]) -> Alert:
    """The most urgent of these signs, which were sent together."""
    found: Alert = Alert.objects.filter(pk__in=list(keys)).order_by("answer_due_at", "pk")[:1].get()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedurePage:
    """What an AP reads while she calls. `families` are codes of the alert book, those of this alert first.

    Of a sign the team has taken only a line stays, in `answered_rows`: its steps and its words are not said again.

    `has_file` False once another territory follows the family. `has_team_line` False when no number of the team is
    known; `called` are those whom the alert called last, and who have not answered; `address` "" when it is not known;
    `missing` what she waits for before she may leave, "" outside the visit or for nothing. `report_of` is her visit
    whose report holds this sign, None outside one. `is_silent`: whoever it was about has died, she speaks to the team
    first (alerts.md 6.1): no step, no word, no address.
    """

    alert_id: UUID
    family_id: UUID
    name: str
    families: tuple[str, ...]
    rows: tuple[AlertRow, ...]
    buttons: tuple[CallButton, ...]
    has_file: bool
    has_team_line: bool
    called: tuple[CalledPerson, ...]
    address: str
    access_hint: str
    opening: str
    missing: str = ""
    report_of: UUID | None = None
    is_silent: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the team has taken every sign of this page."""
        return not self.open_rows

    @property
    def is_instructed(self) -> bool:
        """Whether what to do has come, and nothing else waits: it is the one thing she looks for here."""
        return self.is_answered and any(row.instruction for row in self.rows)

    @property
    def is_unsaid(self) -> bool:
        """Whether somebody of the team gave her name and what to do is still to come."""
        return any(row.is_unsaid for row in self.rows)

    @property
    def open_rows(self) -> tuple[AlertRow, ...]:
        """Signs that nobody has answered."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def answered_rows(self) -> tuple[AlertRow, ...]:
        """Those somebody took, or that ended."""
        return tuple(row for row in self.rows if not row.is_open)


def procedure_page(alert: Alert, member: Member, *, at: datetime, zone: str) -> ProcedurePage:
    """The procedure of this alert, then of those she raised for the same subject that wait for an instruction."""
    together = list(
        signs_with(alert)
        .select_related("pathway__birth", "pathway__carrier", "pathway__territory")
        .with_dead()
        .order_by("pk")
    )
    # Whoever died is not spoken of again; the others of the same visit are (alerts.md 6.1).
    together = [one for one in together if not one.is_of_dead]
    if not together:
        return _silent_page(alert, member, at)
    together.sort(key=lambda one: (one.pk != alert.pk, one.answer_due_at is None, one.answer_due_at, one.pk))
    # Everything is answered: the page stays that of its own sign. A name alone changes nothing to what she does.
    waiting = [one for one in together if one.instructed_at is None and one.ended_at is None]
    urgent = sorted(waiting, key=lambda one: one.acknowledged_at is not None) or together[:1]
    pathway = together[0].pathway
    home = homes([alert.family_id])[alert.family_id]
    book = alert_book().families
    families = tuple(dict.fromkeys(one.family_code for one in urgent if one.family_code in book))
    buttons = call_buttons(pathway, at, families)
    rows = tuple(rows_of([one.pk for one in together], member, at))
    return ProcedurePage(
        alert_id=alert.public_id,
        family_id=home.public_id,
        name=home.name,
        families=families,
        rows=rows,
        buttons=buttons,
        has_file=not any(row.is_left for row in rows),
        called=tuple(called_now(urgent[0])),
        has_team_line=any(button.is_team for button in buttons),
        address=home.place,
        access_hint=home.access_hint,
        opening=_opening(member, pathway, home.place, _said(urgent), clock.local_date(at, zone)),
        missing=_missing(pathway.pk, member),
        report_of=_report_of(alert, member),
    )


def _silent_page(alert: Alert, member: Member, at: datetime) -> ProcedurePage:
    """That something has changed, and how the team is called."""
    home = homes([alert.family_id])[alert.family_id]
    buttons = call_lines(alert.pathway, [TEAM], at)
    return ProcedurePage(
        alert_id=alert.public_id,
        family_id=home.public_id,
        name=home.name,
        families=(),
        rows=(),
        buttons=buttons,
        has_file=not rows_of([alert.pk], member, at)[0].is_left,
        called=(),
        has_team_line=any(button.is_team for button in buttons),
        address="",
        access_hint="",
        opening="",
        is_silent=True,
    )


def _missing(pathway_id: int, member: Member) -> str:
    """What holds her in this home now."""
    here = Visit.objects.filter(pathway=pathway_id, ap=member, state=VisitState.STARTED).order_by("pk").first()
    return missing_to_leave(here) if here is not None else ""


def _report_of(alert: Alert, member: Member) -> UUID | None:
    """The visit of hers in whose report the sign stands."""
    written = perms.SEND_REPORT.rows(member).filter(state__in=[VisitState.STARTED, VisitState.ENDED])
    found: UUID | None = written.filter(public_id=alert.subject_id).values_list("public_id", flat=True).first()
    return found


def open_sign_of(visit_id: UUID, member: Member) -> UUID | None:
    """The most urgent sign of the report of this visit that nobody has answered; None without one."""
    mine = perms.SEE_PROCEDURE.rows(member).filter(subject_id=visit_id).open().with_dead().filter(is_of_dead=False)
    found: UUID | None = mine.order_by("answer_due_at", "pk").values_list("public_id", flat=True).first()
    return found


def signs_with(alert: Alert) -> Any:
    """This sign and those raised by the same hand for the same subject."""
    return Alert.objects.filter(
        pathway=alert.pathway_id, subject_id=alert.subject_id, raised_by=alert.raised_by_id, kind__in=SIGN_KINDS
    )


def call_buttons(pathway: Pathway, at: datetime, families: Sequence[str] = ()) -> tuple[CallButton, ...]:
    """Whom to call for these families of signs, in order; while none is known, the 15 and the team."""
    book = alert_book().families
    words = [word for code in families for word in book[code].lines] or ["15", TEAM]
    return call_lines(pathway, words, at)


def _said(alerts: Iterable[Alert]) -> str:
    """The signs as she says them on the phone; of a protected situation, and of what the team has taken, no word."""
    words = [_sign_said(alert) for alert in alerts]
    return "\u202f; ".join(dict.fromkeys(words))


def _sign_said(alert: Alert) -> str:
    is_told = alert.acknowledged_at is not None and alert.is_sealed
    if is_told or alert.family_code in WITHOUT_CONTENT:
        return SIGNAL_SAID
    label = sign_label(signs_in_force(), alert.code.split(":")[1]) if ":" in alert.code else ""
    return label or alert.facts or SIGNAL_SAID


def _opening(member: Member, pathway: Pathway, address: str, said: str, today: date) -> str:
    """The first sentence of the call, always the same (alerts.md 5); after a death it says nothing of the days."""
    sentence = alert_book().opening
    if pathway.birth.is_silent:
        before, _, after = sentence.partition("L’enfant a {n} jours. ")
        sentence = before + after
    for word, value in (
        ("{prénom AP}", member.user.first_name),
        ("{adresse}", address or "…"),
        ("{n}", str(day_of(pathway.birth.day, today))),
        ("{libellés}", said),
    ):
        sentence = sentence.replace(word, value)
    return sentence
