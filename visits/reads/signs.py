"""Alerts born of a report, between the words of the engine and the rows of `pathways`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from pathways.enums import SIGN_KINDS
from pathways.models import Alert, Child
from visits.models import Visit
from visits.questionnaire import Questionnaire, RaisedAlert
from visits.questionnaire.alerts import (
    HOME,
    ITEM_10_CODE,
    ITEM_10_FAMILY,
    MOTHER,
    SIGNAL_CODE,
    SIGNAL_FAMILY,
    SUBJECTS,
)
from visits.questionnaire.sheet import CHILD


@lru_cache(maxsize=32)
def signs_of(questionnaire: Questionnaire) -> Mapping[str, tuple[str, str]]:
    """Each sign code with its family of alert and whom it is about (MOTHER, HOME, or "" for the child of its row)."""
    signs = {ITEM_10_CODE: (ITEM_10_FAMILY, MOTHER), SIGNAL_CODE: (SIGNAL_FAMILY, HOME)}
    for item in questionnaire.by_id.values():
        subject = "" if item.rows == CHILD else SUBJECTS.get(item.link_id, HOME)
        signs |= {option.code: (option.family, subject) for option in item.options if option.family}
    return signs


def sign_label(questionnaire: Questionnaire, code: str) -> str:
    """A sign in the words of the form; "" for a code that is no sign of it."""
    for item in questionnaire.by_id.values():
        option = item.option(code)
        if option is not None and option.family:
            return option.label
    return ""


def alert_code(family: str, sign: str, rank: int) -> str:
    """How an alert row names its cause: the family of alert, then the sign, and for twins the rank of the child.

    One row per sign: a sign that comes after the team has answered another one is a new alert (W4). `rank` is 1 for
    the first-born, 0 when it is not about a child.
    """
    return f"{family}:{sign}" + (f":{rank}" if rank > 1 else "")


def rank_of(code: str) -> int:
    """The rank of the child that the code of an alert is about; 1 when it names none."""
    rank = code.rpartition(":")[2]
    return int(rank) if code.count(":") > 1 and rank.isdecimal() else 1


def recorded_alerts(questionnaire: Questionnaire, visit: Visit, children: Iterable[Child]) -> list[RaisedAlert]:
    """The alerts stored for this visit, as the engine says them: nothing un-ticks them (W4, E1). One query."""
    refs = {child.rank: str(child.public_id) for child in children}
    rows = Alert.objects.filter(pathway=visit.pathway_id, subject_id=visit.public_id, kind__in=SIGN_KINDS)
    found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for code, is_sealed in rows.order_by("pk").values_list("code", "is_sealed"):
        _, _, rest = code.partition(":")
        sign, _, rank = rest.partition(":")
        family, subject = signs_of(questionnaire).get(sign, ("", ""))
        if family:
            subject = subject or refs.get(int(rank or 1), "")
            found.setdefault((family, subject), []).append((sign, is_sealed))
    return [_raised(family, subject, causes) for (family, subject), causes in found.items()]


def _raised(family: str, subject: str, causes: list[tuple[str, bool]]) -> RaisedAlert:
    return RaisedAlert(
        family=family,
        subject=subject,
        codes=tuple(code for code, _ in causes),
        sensitivity="S3" if any(is_sealed for _, is_sealed in causes) else "S2",
    )
