"""What an AP waits for before she may leave a home where she saw a danger sign (alerts.md 1 and 5.5)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from copa.kernel.french import listed, of
from pathways.enums import SIGN_KINDS, AlertNoteKind
from pathways.models import Alert, AlertNote
from pathways.rules import is_in_mourning
from visits.models import Report, SealedAnswers, Visit
from visits.questionnaire.alerts import acknowledgement_frees, alert_book, call_frees, may_leave
from visits.questionnaire.sheet import ALERT, ROW_KEYS


def missing_to_leave(visit: Visit) -> str:
    """What is still awaited before she may leave, in one sentence: the one of her day and of a refusal; "" for nothing.

    A name alone is not the acknowledgement of alerts.md 5.5, which says with it what is decided: where somebody has
    given hers, what is missing is what to do.
    """
    held = _held(visit)
    calls = _noted_calls(visit) if held else {}
    by_words: dict[str, list[str]] = {}
    for family, takers in held.items():
        if not may_leave(family, calls.get(family, {})):
            by_words.setdefault(_awaited(family, takers), []).append(alert_book().families[family].name)
    if not by_words:
        return ""
    parts = [f"{words} ({', '.join(names)})" for words, names in by_words.items()]
    return (
        f"Il manque {listed(parts)} : restez, appelez, et notez qui vous a répondu, dans le compte rendu ou avec "
        "« J’ai appelé »."
    )


def _awaited(family: str, takers: list[str]) -> str:
    """What is awaited about the signs of a family; `takers` are who took each of them, "" for nobody."""
    if not acknowledgement_frees(family):
        return "l’appel à l’équipe ou au 15"
    if "" in takers:
        return "la réponse de l’équipe ou l’appel au 15"
    return f"la consigne {of(listed(list(dict.fromkeys(takers))))} ou l’appel au 15"


def blocking_families(visit: Visit) -> list[str]:
    """Families of signs (alerts.md 1) of this visit that still hold her, oldest first."""
    return list(_held(visit))


def _held(visit: Visit) -> dict[str, list[str]]:
    """Those families, each with who took its signs, "" for nobody.

    A sign that she sent again by the red button after the team had answered it has a subject of its own. One that is
    closed holds nobody, and after a death nothing does (A38).
    """
    of_visit = Q(subject_id=visit.public_id)
    if visit.started_at is not None:
        of_visit |= Q(raised_by=visit.ap_id, press_id__isnull=False, raised_at__gte=visit.started_at)
    rows = Alert.objects.filter(of_visit, pathway=visit.pathway_id, kind__in=SIGN_KINDS, closed_at=None, ended_at=None)
    rows = rows.select_related("acknowledged_by__user", "pathway__birth").order_by("raised_at", "pk")
    alerts = {alert.pk: alert for alert in rows if alert.family_code in alert_book().families and _may_hold(alert)}
    # A name says that somebody cares; the visit may close after what she says (alerts.md 1).
    free = {pk for pk, alert in alerts.items() if alert.instructed_at and acknowledgement_frees(alert.family_code)}
    calls = AlertNote.objects.filter(alert__in=alerts, kind=AlertNoteKind.CALL)
    for pk, called, is_answered in calls.order_by("pk").values_list("alert", "called", "is_answered"):
        if call_frees(alerts[pk].family_code, called, is_answered=is_answered):
            free.add(pk)
    held: dict[str, list[str]] = {}
    for pk, alert in alerts.items():
        if pk not in free:
            taker = alert.acknowledged_by.user.get_full_name() if alert.acknowledged_by else ""
            held.setdefault(alert.family_code, []).append(taker)
    return held


def _may_hold(alert: Alert) -> bool:
    """Whether the signs of this home hold anybody in it; `alert` carries its pathway and its birth."""
    return not is_in_mourning(is_silent=alert.pathway.birth.is_silent, state=alert.pathway.state)


def _noted_calls(visit: Visit) -> dict[str, Mapping[str, Any]]:
    """What the draft report says of each call, by family of alert; protected ones lie in the sealed part."""
    opened = Report.objects.filter(visit=visit).order_by("pk").values_list("answers", flat=True)
    sealed = SealedAnswers.objects.filter(report__visit=visit).order_by("pk").values_list("answers", flat=True)
    rows = [row for answers in (*opened, *sealed) for row in answers.get(ALERT, ())]
    return {row.get(ROW_KEYS[ALERT], ""): row for row in rows}
