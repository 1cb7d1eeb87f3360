"""Needs spotted around the staged families, and an orientation in every state."""

from dataclasses import dataclass
from typing import Any

from copa.demo.care.base import Office
from copa.kernel import one_time
from pathways.enums import (
    Agreement,
    ConfirmedBy,
    NeedAbout,
    NeedSource,
    NeedState,
    OrientationState,
    OrientationUrgency,
    SentBy,
)
from pathways.models import AnswerLink, Need, Orientation
from pathways.rules.orientations import LINK_LIFE
from territories.catalogue import NEEDS
from territories.enums import Role

MOTHER, CHILD, FAMILY = NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.FAMILY
STATES = OrientationState
# How far each orientation has gone beside being asked.
_DECIDED = {STATES.ACCEPTED, STATES.REFUSED, STATES.SENT, STATES.SEEN, STATES.NOT_COME, STATES.CANNOT_TAKE}
_LEFT = {STATES.SENT, STATES.SEEN, STATES.NOT_COME, STATES.CANNOT_TAKE}


@dataclass(frozen=True)
class Spotted:
    """A need of a staged family and its orientation ("" for none): how it left and how many days ago."""

    script: str
    code: str
    about: str
    words: str
    state: str = NeedState.OPEN
    target: str = ""
    orientation: str = STATES.PROPOSED
    how: str = ""
    days: int = 1
    said: str = ""
    urgency: str = ""


SPOTTED = (
    Spotted("last_today", "WEIGHT_FOLLOW", CHILD, "A peu repris depuis la sortie.", target="PAEDIATRICIAN",
            urgency=OrientationUrgency.THIS_WEEK),
    Spotted("second_to_plan", "HOUSEHOLD", FAMILY, "Deux aînés à la maison, père en déplacement.", target="TISF"),
    Spotted("unread", "PERINEUM", MOTHER, "Fuites à l’effort, n’a pas de rendez-vous.", target="REHAB",
            orientation=STATES.ACCEPTED),
    Spotted("low_mood", "MOOD", MOTHER, "Souhaite en parler à quelqu’un.", NeedState.ORIENTED, "PSYCHOLOGIST",
            STATES.SENT, SentBy.LINK, 1),
    Spotted("relay_waits", "FOOD", FAMILY, "Fin de mois difficile, lait.", NeedState.ORIENTED, "SOCIAL_WORKER",
            STATES.SENT, SentBy.LETTER, 9),
    Spotted("relay_questioned", "EXHAUSTION", MOTHER, "", NeedState.FOLLOWED, "TISF", STATES.SEEN, SentBy.LINK, 9,
            "Deux demi-journées par semaine."),
    Spotted("relay_questioned", "ISOLATION", MOTHER, "Arrivée dans la région cet été.", NeedState.INFO, "LAEP",
            STATES.GIVEN, "", 5),
    Spotted("relay_forgotten", "SCAR_CARE", MOTHER, "", target="NURSE", orientation=STATES.CANNOT_TAKE,
            how=SentBy.LINK, days=8, said="Tournée complète jusqu’à la fin du mois."),
    Spotted("relay_declined", "MONEY", FAMILY, "", target="SOCIAL_WORKER", orientation=STATES.NOT_COME,
            how=SentBy.PHONE, days=7, said="Ne s’est pas présentée au rendez-vous."),
    Spotted("relay_followed", "TOBACCO", MOTHER, "", NeedState.DECLINED, "ADDICTION", STATES.REFUSED, "", 20,
            "Elle préfère en parler d’abord avec sa sage-femme."),
    Spotted("third_with_pmi", "CHILD_FOLLOW", CHILD, "Pas encore de médecin choisi.", NeedState.WATCH),
    Spotted("twins_apart", "MULTIPLES", FAMILY, "Trajets vers l’hôpital chaque jour."),
    Spotted("protected_alert", "VIOLENCE_SEALED", MOTHER, ""),
)  # fmt: skip


def write_needs(office: Office) -> None:
    """Each need, then what became of it."""
    for spotted in SPOTTED:
        is_sealed = NEEDS[spotted.code].is_sealed
        by = office.member(Role.REFERRING_TEAM if is_sealed else Role.AP)
        spotted_at = office.moment(-spotted.days - 1, 11)
        need = office.put(
            Need,
            **office.of(spotted.script),
            code=spotted.code,
            category=NEEDS[spotted.code].category,
            about=spotted.about,
            words=spotted.words,
            source=NeedSource.FREE,
            spotted_at=spotted_at,
            spotted_by_id=by.pk,
            state=spotted.state,
            state_at=spotted_at,
        )
        if spotted.target:
            _orientation(office, spotted, need)


def _orientation(office: Office, spotted: Spotted, need: Need) -> None:
    asked_at = office.moment(-spotted.days - 1, 11, 20)
    state = spotted.orientation
    columns: dict[str, Any] = {"agreement": Agreement.YES, "agreed_at": asked_at, "agreed_by_id": need.spotted_by_id}
    if state in _DECIDED:
        is_refused = state == STATES.REFUSED
        decided_at = office.moment(-spotted.days - 1, 14)
        columns |= {"decided_at": decided_at, "decided_by_id": office.member(Role.REFERRING_TEAM).pk}
        columns |= {"decision_words": spotted.said if is_refused else ""}
    if state in _LEFT:
        columns |= _sent(office, spotted)
    row = office.put(
        Orientation,
        need=need,
        family_id=need.family_id,
        pathway_id=need.pathway_id,
        target_type=spotted.target,
        # A request names the kind of help, the team chooses the service.
        entry=office.entries[spotted.target] if state != STATES.PROPOSED else None,
        state=state,
        reason=spotted.words,
        urgency=spotted.urgency,
        proposed_at=asked_at,
        proposed_by_id=need.spotted_by_id,
        **columns,
    )
    if spotted.how == SentBy.LINK:
        _link(office, spotted, row)


def _sent(office: Office, spotted: Spotted) -> dict[str, Any]:
    team = office.member(Role.REFERRING_TEAM).pk
    columns = {"sent_at": office.moment(-spotted.days, 9), "sent_by_id": team, "sent_how": spotted.how}
    if spotted.orientation == STATES.SENT:
        # The first reminder has left after a week: the schedule would send it again.
        return columns | {"reminders": int(spotted.days >= 7)}
    answered_at = office.moment(-spotted.days + 3, 15)
    columns |= {"answered_at": answered_at, "answer_words": spotted.said}
    if spotted.orientation == STATES.SEEN:
        columns |= {"first_contact_on": office.today(-spotted.days + 3), "confirmed_at": answered_at}
        columns |= {"confirmed_by": ConfirmedBy.PROFESSIONAL}
    return columns


def _link(office: Office, spotted: Spotted, orientation: Orientation) -> None:
    """The one-time address: alive while an answer is awaited, used once it has come."""
    key = office.uid()
    AnswerLink.objects.create(
        public_id=key,
        family_id=orientation.family_id,
        orientation=orientation,
        token_hash=one_time.print_of(one_time.token_of(key)),
        created_at=orientation.sent_at,
        created_by_id=orientation.sent_by_id,
        expires_at=office.moment(-spotted.days, 9) + LINK_LIFE,
        used_at=orientation.answered_at,
    )
    office.written += 1
