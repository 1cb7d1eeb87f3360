"""The emergency numbers of the territory in scope; a use without a row keeps its national number."""

from dataclasses import dataclass
from datetime import datetime

from pathways.enums import EmergencyUse
from pathways.models import EmergencyNumber
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words

HISTORY = 50
# The words by which the procedures name a line, and whose number they stand for (alerts.md 1, column « qui appeler »).
USE_OF_WORD = {
    "15": EmergencyUse.SAMU,
    "17": EmergencyUse.POLICE,
    "114": EmergencyUse.TEXT,
    "3114": EmergencyUse.SUICIDE,
    "3919": EmergencyUse.VIOLENCE,
    "119": EmergencyUse.CHILD,
}


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """Somebody who answers day and night. `is_text`: by SMS only, nobody speaks there."""

    use: str
    name: str
    phone: str
    what: str

    @property
    def is_text(self) -> bool:
        return self.use == EmergencyUse.TEXT

    @property
    def href(self) -> str:
        """What a button opens."""
        return f"{'sms' if self.is_text else 'tel'}:{''.join(self.phone.split())}"


# alerts.md, before section 1: the numbers of the whole country, in the order of the emergency page. The 3114 and the
# 119 also advise professionals; the poison centre is that of the region, without a number until a territory gives one.
_NATIONAL: tuple[tuple[EmergencyUse, str, str], ...] = (
    (EmergencyUse.SAMU, "15", "Vie en danger\u00a0: mère ou bébé"),
    (EmergencyUse.EUROPE, "112", "Si le 15 ne passe pas"),
    (EmergencyUse.POLICE, "17", "Une personne menace ou frappe"),
    (EmergencyUse.TEXT, "114", "Quand on ne peut pas parler, ou sourds et malentendants"),
    (EmergencyUse.FIRE, "18", "Feu, gaz, personne enfermée"),
    (EmergencyUse.SUICIDE, "3114", "Jour et nuit, aussi pour vous conseiller"),
    (EmergencyUse.VIOLENCE, "3919", "Violences subies par une femme"),
    (EmergencyUse.CHILD, "119", "Jour et nuit"),
    (EmergencyUse.POISON, "", "Produit avalé ou respiré"),
)


def emergency_lines() -> list[EmergencyLine]:
    """Every number that is known here. One query."""
    own = {row.use: row.number for row in _latest()}
    lines = (EmergencyLine(use, str(use.label), own.get(use) or number, what) for use, number, what in _NATIONAL)
    return [line for line in lines if line.phone]


def lines_by_word() -> dict[str, EmergencyLine]:
    """The line of each word of the procedures. One query."""
    lines = {line.use: line for line in emergency_lines()}
    return {word: lines[use] for word, use in USE_OF_WORD.items()}


def _latest() -> list[EmergencyNumber]:
    return list(EmergencyNumber.objects.order_by("use", "-valid_from", "-pk").distinct("use"))


# ---- The page ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One use: the number in force ("" for none), the national one, since when and by whom it is another."""

    use: str
    label: str
    what: str
    line: EmergencyLine
    national: str
    is_own: bool
    since: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number that was set; "" where the national one came back."""

    label: str
    number: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """Every use in the order of the emergency page, and the last changes, the latest first."""

    rows: tuple[NumberRow, ...]
    changes: tuple[NumberChange, ...]


def numbers_page() -> NumbersPage:
    """The numbers of the territory in scope. Three queries."""
    current = {row.use: row for row in _latest()}
    changes = list(EmergencyNumber.objects.order_by("-valid_from", "-pk")[:HISTORY])
    directory = Directory()
    directory.expect(people=[row.set_by_id for row in (*current.values(), *changes)])
    return NumbersPage(
        rows=tuple(_row(use, number, what, current.get(use), directory) for use, number, what in _NATIONAL),
        changes=tuple(
            NumberChange(words(EmergencyUse, row.use), row.number, row.valid_from, directory.name(row.set_by_id))
            for row in changes
        ),
    )


def _row(use: EmergencyUse, national: str, what: str, row: EmergencyNumber | None, directory: Directory) -> NumberRow:
    own = row.number if row else ""
    return NumberRow(
        use=use.value,
        label=str(use.label),
        what=what,
        line=EmergencyLine(use, str(use.label), own or national, what),
        national=national,
        is_own=bool(own),
        since=row.valid_from if row else None,
        by=directory.name(row.set_by_id) if row else "",
    )
