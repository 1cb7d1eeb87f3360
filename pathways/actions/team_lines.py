"""The hours of a team's line, and who answers in its place: set by the pilots or the team itself (rule A0)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.enums import LineDay
from pathways.models import TeamLine
from pathways.rules.team_lines import MIDNIGHT
from territories.models import Member, Structure


@dataclass(frozen=True, kw_only=True)
class LineHoursSet:
    """What was chosen: days (LineDay), local hours (`closes` of midnight is the end of the day), who answers else."""

    days: Collection[int]
    opens: time
    closes: time
    relay: Structure | None = None


@transaction.atomic
def set_team_line(*, structure: Structure, hours: LineHoursSet, by: Member, at: datetime) -> TeamLine:
    """Say when this line answers from now on; visits that are planned keep their slot.

    Raises `no_days`, `unknown_day`, `closes_first`, `relay_is_itself`, `relay_has_no_line`.
    """
    days = sorted(set(hours.days))
    if not days:
        message = "Choisissez au moins un jour : une équipe que personne ne peut joindre ne reçoit aucune visite."
        raise BusinessError("no_days", message, field="days")
    if not set(days) <= set(LineDay.values):
        raise BusinessError("unknown_day", "Choisissez parmi les jours de la liste.", field="days")
    if hours.closes != MIDNIGHT and hours.closes <= hours.opens:
        message = "La ligne ferme après avoir ouvert ; écrivez 00:00 pour minuit."
        raise BusinessError("closes_first", message, field="closes")
    _check_relay(structure, hours.relay)
    with refusals_of(TeamLine):
        row: TeamLine = TeamLine.objects.create(
            structure=structure,
            days=days,
            opens=hours.opens,
            closes=hours.closes,
            relay=hours.relay,
            valid_from=at,
            set_by=by,
        )
    return row


def _check_relay(structure: Structure, relay: Structure | None) -> None:
    if relay is None:
        return
    if relay.pk == structure.pk:
        raise BusinessError("relay_is_itself", "Choisissez une autre équipe.", field="relay")
    if not relay.phone:
        raise BusinessError("relay_has_no_line", "Cette équipe n’a pas de numéro de téléphone.", field="relay")
