"""The delays a territory gives its teams to answer a sign: set by the binôme, for the alerts that come afterwards."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.enums import AlertFamily
from pathways.models import AlertDelay
from pathways.rules.delays import longest_minutes
from territories.models import Member


@transaction.atomic
def set_delay(*, family: str, minutes: int, night_minutes: int | None, by: Member, at: datetime) -> AlertDelay:
    """Give a family of signs another delay from now on; `night_minutes` None: the same by night.

    An alert that was raised keeps the delay it was raised under. Raises `unknown_family`, `too_short`, `too_long`,
    `unchanged`.
    """
    if family not in AlertFamily.values:
        raise BusinessError("unknown_family", "Choisissez une famille d’alerte de la liste.")
    code = AlertFamily(family)
    _check(code, minutes, "minutes")
    if night_minutes is not None:
        _check(code, night_minutes, "night_minutes")
    last = AlertDelay.objects.filter(family=code).order_by("-valid_from", "-pk").first()
    if last and (last.minutes, last.night_minutes) == (minutes, night_minutes):
        raise BusinessError("unchanged", "Ces délais sont déjà en vigueur.", field="minutes")
    with refusals_of(AlertDelay):
        row: AlertDelay = AlertDelay.objects.create(
            family=code, minutes=minutes, night_minutes=night_minutes, valid_from=at, set_by=by
        )
    return row


def _check(family: AlertFamily, minutes: int, field: str) -> None:
    if minutes < 1:
        raise BusinessError("too_short", "Le plus court délai est d’une minute.", field=field)
    longest = longest_minutes(family)
    if minutes > longest:
        message = f"Pour cette famille, {longest} minutes au plus : au-delà, l’escalade viendrait trop tard."
        raise BusinessError("too_long", message, field=field)
