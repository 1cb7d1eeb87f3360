"""The rules of the programme as pilots read them: versions side by side, and the lines of the calendar."""

from dataclasses import dataclass
from datetime import date

from copa.kernel.french import agree, full_day, listed
from pathways.enums import CalendarUnit, ExtraMotive
from pathways.models import CalendarRule, ProgrammeRules


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a version says: a value per version, in their order."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A line of the calendar as its rule says it."""

    code: str
    label: str
    subject: str
    when: str
    duty: str
    who: str
    basis: str
    births: str


@dataclass(frozen=True)
class RulesPage:
    """`titles` name the versions, the oldest first."""

    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    calendar: tuple[CalendarRow, ...]


def rules_page() -> RulesPage:
    """Both versions and the calendar; two queries."""
    versions = list(ProgrammeRules.objects.order_by("valid_from"))
    rows = {label: tuple(say(version) for version in versions) for label, say in _SAID}
    return RulesPage(
        titles=tuple(version.label for version in versions),
        rows=tuple(Row(label, values) for label, values in rows.items()),
        calendar=tuple(_calendar_row(rule) for rule in CalendarRule.objects.order_by("position")),
    )


def _validity(version: ProgrammeRules) -> str:
    end = f" au {full_day(version.valid_to)}" if version.valid_to else ""
    return f"inclusions du {full_day(version.valid_from)}{end}"


def _visits(version: ProgrammeRules) -> str:
    return f"{version.planned_visits} visites de {_length(version.visit_minutes)}"


def _more(version: ProgrammeRules) -> str:
    extra = version.max_visits - version.planned_visits
    words = listed([str(ExtraMotive(code).label).lower() for code in version.extra_motives])
    return f"{extra} {agree(extra, 'visite,visites')} de plus au plus : {words}" if extra else "aucune"


def _ultra_early(version: ProgrammeRules) -> str:
    if not version.ultra_early_minutes:
        return "n’existe pas"
    days = version.ultra_early_days_after
    after = f" ou {'le lendemain' if days == 1 else f'les {days} jours suivants'}" if days else ""
    return f"{_length(version.ultra_early_minutes)}, le jour de la sortie{after}{_advice(version)}"


def _advice(version: ProgrammeRules) -> str:
    first, last = version.ultra_early_from_hours, version.ultra_early_to_hours
    return f" ; conseillée entre {first} et {last} h de vie" if last else ""


def _ultra_early_below(version: ProgrammeRules) -> str:
    return f"avant {version.up_max_hours} h de vie ; l’accord médical décide"


def _epds(version: ProgrammeRules) -> str:
    if not version.epds_visit:
        return "pas prévu"
    moved = ", à la visite 3 si elle est décidée avant la visite 2" if version.epds_moves_to_third else ""
    return f"à la visite {version.epds_visit[1:]}{moved}"


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


_SAID = (
    ("Période", _validity),
    ("Visites pour toutes les familles", _visits),
    ("Visites en plus, avec un motif", _more),
    ("Jours des visites", lambda version: f"de J{version.window_from_day} à J{version.window_to_day}, jours compris"),
    ("Visite de sortie ultra-précoce", _ultra_early),
    ("Sortie dite ultra-précoce", _ultra_early_below),
    ("Questionnaire sur le moral", _epds),
    ("Relais vers la PMI", lambda version: f"à J{version.relay_day}"),
)


def _calendar_row(rule: CalendarRule) -> CalendarRow:
    return CalendarRow(
        code=rule.code,
        label=rule.label,
        subject=rule.get_subject_display(),
        when=rule.words or _window(rule),
        duty=rule.get_duty_display(),
        who=rule.who,
        basis=rule.legal_basis,
        births=_births(rule.births_from, rule.births_to),
    )


def _window(rule: CalendarRule) -> str:
    if rule.unit == CalendarUnit.HOURS:
        return f"dans les {rule.end} heures après la sortie"
    if rule.unit == CalendarUnit.MONTHS:
        return f"à {rule.end} mois" if rule.start == rule.end else f"de {rule.start} à {rule.end} mois"
    letter = "J" if rule.anchor == "birth" else "sortie +"
    late = "" if not rule.tolerance_days else f", toléré {rule.tolerance_days} jours"
    early = "" if rule.accepted_start is None else f", compté dès {letter}{rule.accepted_start}"
    return f"de {letter}{rule.start} à {letter}{rule.end}{late}{early}"


def _births(first: date | None, last: date | None) -> str:
    if first:
        return f"naissances depuis le {full_day(first)}"
    return f"naissances jusqu’au {full_day(last)}" if last else "toutes les naissances"
