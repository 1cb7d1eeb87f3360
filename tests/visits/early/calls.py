"""An ultra-early discharge as the tests make it: who is called, who confirms, what each was told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from copa.kernel import clock
from pathways.actions.births import record_discharge
from pathways.models import EarlyCall, EarlyCallPerson, Pathway
from territories.enums import DutyPlace
from territories.models import OutgoingMessage
from tests import factories
from visits.models import Visit

# Monday 2 November 2026, 22:30 in Paris: an hour before the discharge of the programme's own example (R054).
MONDAY = datetime(2026, 11, 2, 21, 30, tzinfo=UTC)


def leave(pathway: Pathway, **changed: Any) -> None:
    values: dict[str, Any] = {"kind": "ULTRA_EARLY", "has_medical_agreement": True, "decided_by": "Dr Lefort"} | changed
    values.setdefault("discharged_at", clock.now() + timedelta(hours=1))
    record_discharge(birth=pathway.birth, by=factories.who("farid"), at=clock.now(), **values)


def on_duty(name: str) -> None:
    factories.make_shift(factories.who(name), DutyPlace.AP)


def names(call: EarlyCall) -> set[str]:
    called = EarlyCallPerson.objects.filter(call=call).order_by("pk")
    return {person.member.user.first_name for person in called}


# ---- The answer ------------------------------------------------------------------------------------------
def confirm(as_: Any, who: str, call: EarlyCall, day: str = "2026-11-03", **typed: str) -> Any:
    return as_(who).post(f"/t/vallees/early/{call.public_id}/", {"planned_at": day, "hour": "09:00"} | typed)


def ap_of(pathway: Pathway) -> str:
    found = Pathway.objects.select_related("ap__user").get(pk=pathway.pk).ap
    return found.user.first_name if found else ""


def visits_of() -> dict[str, str]:
    rows = Visit.objects.filter(state="planned").order_by("pk").values_list("kind", "ap__user__first_name")
    return dict(rows)


def wanted() -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted").order_by("to")
    return list(rows.values_list("to", flat=True))


def fell() -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith="early-fell").order_by("to")
    return list(rows.values_list("to", flat=True))


def shown(as_: Any, who: str, call: EarlyCall) -> str:
    page = as_(who).get(f"/t/vallees/early/{call.public_id}/").content.decode()
    return " ".join(page.replace("\u00a0", " ").split())
