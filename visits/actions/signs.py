"""Signs that an AP ticks, in a report or by the red button: each is an alert of the team, or nothing is stored."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from copa.kernel.asked import as_uuid
from copa.kernel.errors import BusinessError
from copa.kernel.french import NBSP
from pathways.actions import raise_alert
from pathways.actions.shared import lock_birth
from pathways.enums import AlertKind
from pathways.models import Birth, Child, Pathway
from pathways.reads.deaths import MOTHER as MOTHER_CODE
from pathways.reads.deaths import alive_around
from territories.models import Member
from visits.questionnaire import Questionnaire, RaisedAlert, alerts_raised
from visits.questionnaire.alerts import HOME, MOTHER, alert_book
from visits.questionnaire.sheet import CHILD
from visits.reads.red_button import HOME_CODE, SIGNS, signs_in_force
from visits.reads.signs import alert_code, sign_label

_KINDS = {MOTHER: AlertKind.MOTHER_SIGN, HOME: AlertKind.PROTECTED}


def record_sign(
    *,
    pathway: Pathway,
    subject_id: UUID,
    questionnaire: Questionnaire,
    alert: RaisedAlert,
    sign: str,
    child: Child | None,
    by: Member,
    at: datetime,
) -> bool:
    """Raise one sign of an alert, once per subject; True when it is new. `child` None unless it is about a child."""
    is_sealed = alert.sensitivity == "S3"
    who = f"{child.shown_name}{NBSP}: " if child else ""
    return raise_alert(
        pathway=pathway,
        kind=AlertKind.PROTECTED if is_sealed else _KINDS.get(alert.subject, AlertKind.CHILD_SIGN),
        subject_id=subject_id,
        code=alert_code(alert.family, sign, child.rank if child else 0),
        # What is sealed stands in the compartment of the report, never in a list.
        facts="" if is_sealed else f"{who}{sign_label(questionnaire, sign)}",
        is_sealed=is_sealed,
        raised_by=by,
        answer_due_at=at + timedelta(minutes=alert_book().families[alert.family].team_delay_min),
        at=at,
    )


@transaction.atomic
def press_red_button(*, pathway: Pathway, who: str, signs: Sequence[str], key: str, by: Member, at: datetime) -> UUID:
    """Raise every sign ticked about one person, without a visit; returns the subject of the alerts.

    `who` is "mother", "home" or the public id of a child. `key` is made once by the page that is sent: sent again,
    it raises nothing more; without one each sending counts. Raises `sign_missing`, `unknown_sign`, `unknown_person`,
    and `mourning` when a death of that person is noted: nothing is asked about them, the others' signs stay.
    """
    birth = lock_birth(pathway.birth_id)
    child = _person(birth, who)
    if not signs:
        raise BusinessError("sign_missing", "Cochez ce que vous voyez ou entendez.", field="signs")
    questionnaire = signs_in_force()
    alerts = alerts_raised(questionnaire, _answers(who, signs))
    if set(signs) != {code for alert in alerts for code in alert.codes}:
        raise BusinessError("unknown_sign", "Choisissez parmi les signes de la liste.", field="signs")
    # A key is only unique on its page: two families never share an alert.
    subject = uuid5(pathway.public_id, f"{who} {key or uuid4()}")
    about: dict[str, Any] = {"pathway": pathway, "subject_id": subject, "child": child, "by": by, "at": at}
    for alert in alerts:
        for sign in alert.codes:
            record_sign(questionnaire=questionnaire, alert=alert, sign=sign, **about)
    return subject


def _person(birth: Birth, who: str) -> Child | None:
    """The child it is about, None for the mother and the home."""
    if who == HOME_CODE:
        return None
    child = None if who == MOTHER_CODE else _child(birth, who)
    if who not in {one.code for one in alive_around(birth)}:
        message = "Un décès est noté pour cette personne. Pour elle, appelez l’équipe\u202f; en cas de doute, le 15."
        raise BusinessError("mourning", message)
    return child


def _child(birth: Birth, who: str) -> Child:
    key = as_uuid(who)
    found: Child | None = Child.objects.filter(birth=birth, public_id=key).first() if key else None
    if found is None:
        raise BusinessError("unknown_person", "Choisissez d’abord la personne.")
    return found


def _answers(who: str, signs: Sequence[str]) -> dict[str, Any]:
    """The signs as the report form holds them, so that both are read by the same rules."""
    if who in SIGNS:
        return {SIGNS[who]: list(signs)}
    return {CHILD: [{"child.ref": who, SIGNS[""]: list(signs)}]}
