"""Why CoPa was not proposed, and the births that have no file."""

from dataclasses import dataclass
from datetime import date, timedelta

from pathways import perms, rules
from pathways.enums import UnnamedReason
from pathways.models import Birth, NotProposed, UnnamedBirths
from pathways.reads.facts.words import words
from territories.models import Member


@dataclass(frozen=True, slots=True)
class UnnamedRow:
    """The births of a day and a maternity without a file, for one reason."""

    day: date
    maternity: str
    reason: str
    number: int


def reason_of(birth: Birth) -> str:
    """The code of why CoPa was not proposed; "" when nobody said so."""
    found: str | None = NotProposed.objects.filter(birth=birth).values_list("reason", flat=True).first()
    return found or ""


def recent_unnamed(member: Member, today: date) -> list[UnnamedRow]:
    """What was counted in the maternities where she registers births, the last days first."""
    rows = UnnamedBirths.objects.filter(
        maternity__in=perms.REGISTER_BIRTH.rows(member),
        day__gte=today - timedelta(days=rules.WARD_DAYS),
        number__gt=0,
    )
    found = rows.order_by("-day", "maternity__name", "reason").values_list("day", "maternity__name", "reason", "number")
    return [UnnamedRow(day, name, words(UnnamedReason, reason), number) for day, name, reason, number in found[:50]]
