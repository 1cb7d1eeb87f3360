"""What happens at the door: « J’entre », « Je sors », « Visite non faite ».

The server's clock decides; an hour may be corrected while it is being recorded, never into the future. Sending the
same button twice changes nothing.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.french import day as in_words
from copa.kernel.french import hour, moment
from pathways.actions.shared import hold_family, lock_birth
from pathways.enums import PathwayState, Reopened
from pathways.models import Mother, Pathway
from pathways.rules import is_in_mourning
from territories.models import Member
from visits import rules
from visits.actions import deviations, joint
from visits.actions.fallen import call_again
from visits.enums import NotDoneReason, ReportState, VisitState
from visits.models import Report, Visit
from visits.reads.leaving import missing_to_leave
from visits.reads.windows import early_left_at


class ElsewhereError(BusinessError):
    """She was in another home then. `visit_id` is the public id of that visit, where its hours are corrected."""

    def __init__(self, message: str, visit: Visit) -> None:
        super().__init__("elsewhere", message, field="moment")
        self.visit_id = visit.public_id


@transaction.atomic
def start_visit(*, visit: Visit, at: datetime, started_at: datetime | None = None) -> Visit:
    """Record the arrival: now, or at the hour given. A visit under way has its arrival corrected when an hour is given.

    Refuses an hour in the future, a day that is not the planned one (± 1), a visit that is over, and an arrival while
    another of her visits is under way, or at an hour at which she was still in another home (ElsewhereError). Before
    the discharge an early visit asks for the hour: one tap may be a slip of the finger.
    """
    visit = _locked(visit)
    if visit.state == VisitState.STARTED and started_at is None:
        return visit
    if visit.state not in {VisitState.PLANNED, VisitState.STARTED}:
        raise _is_over(visit)
    arrived_at = (started_at or at).astimezone(UTC)
    if arrived_at > at:
        raise BusinessError("future", "Cette heure n’est pas encore arrivée.", field="moment")
    _check_day(visit, arrived_at)
    if visit.state == VisitState.PLANNED:
        _check_elsewhere(visit)
        if started_at is None:
            _check_home(visit, arrived_at)
    _check_no_other_home(visit, arrived_at, arrived_at)
    visit.state, visit.started_at = VisitState.STARTED, arrived_at
    visit.save(update_fields=["state", "started_at"])
    return visit


@transaction.atomic
def end_visit(*, visit: Visit, at: datetime, ended_at: datetime | None = None) -> Visit:
    """Record the departure: now, or at the hour given. The 24 hours of the report start here (R085, A13).

    Refuses an end before the start, in the future, more than six hours after the start, after she entered another home
    (ElsewhereError), and a departure that an unanswered danger sign forbids. Sent twice, the first departure stays:
    another hour is refused, since the delay of the report already runs from the first one, and so is any once the
    report is signed. After a death nothing holds her back and no report is owed; nor is one once the mother has
    withdrawn (A38, L12).
    """
    birth = lock_birth(visit.pathway.birth_id)
    visit = _locked(visit)
    if visit.state == VisitState.ENDED:
        _refuse_other_departure(visit, ended_at)
        return visit
    if visit.state != VisitState.STARTED:
        raise BusinessError("not_started", "Notez d’abord votre arrivée avec « J’entre ».")
    assert visit.started_at is not None, "a visit under way has a start"
    left_at = (ended_at or at).astimezone(UTC)
    _check_departure(visit.started_at, left_at, at)
    _check_no_other_home(visit, visit.started_at, left_at)
    state = Pathway.objects.values_list("state", flat=True).get(pk=visit.pathway_id)
    is_silent = is_in_mourning(is_silent=birth.is_silent, state=state)
    refuse_to_leave(visit)
    is_owed = not is_silent and state != PathwayState.WITHDRAWN
    visit.state, visit.ended_at = VisitState.ENDED, left_at
    visit.report_due_at = rules.report_due_at(left_at) if is_owed else None
    visit.save(update_fields=["state", "ended_at", "report_due_at"])
    if is_owed:
        joint.third_visit_done(visit=visit, at=at)
        deviations.visit_ended(visit=visit, at=at)
    return visit


@transaction.atomic
def mark_not_done(*, visit: Visit, reason: str, at: datetime) -> Visit:
    """Record that a visit did not take place, and why (P23). Before its day it is cancelled instead.

    An early one is wanted again at once, while its days last (`call_again`).
    """
    # The family first, as whoever changes the discharge does: the two would wait for each other.
    hold_family(family_id=visit.family_id, pathway_id=visit.pathway_id)
    visit = _locked(visit)
    if visit.state not in {VisitState.PLANNED, VisitState.STARTED}:
        raise _is_over(visit)
    if reason not in NotDoneReason.values:
        raise BusinessError("unknown_reason", "Choisissez pourquoi la visite n’a pas eu lieu.", field="reason")
    zone = visit.territory.time_zone
    if clock.local_date(visit.planned_at, zone) > clock.local_date(at, zone):
        raise BusinessError("not_yet", "Cette visite est à venir : déplacez-la ou annulez-la depuis le planning.")
    visit.state, visit.not_done_reason, visit.fell_at = VisitState.NOT_DONE, reason, at
    visit.save(update_fields=["state", "not_done_reason", "fell_at"])
    if reason == NotDoneReason.BEREAVEMENT:
        # Whoever of the PMI was to come may still be on her way.
        joint.tell_cancelled(visit=visit, at=at)
    call_again(visit=visit, why=Reopened.NOT_DONE, at=at)
    return visit


def refuse_to_leave(visit: Visit) -> None:
    """The rule of alerts.md 1: the AP stays until a danger sign that forbids leaving has been answered.

    Answered means told what to do by whoever took it, where that is enough, or a call noted in the report or on the
    alert (the team spoke to her, or the 15 was called).
    """
    if missing := missing_to_leave(visit):
        raise BusinessError("alert_unanswered", missing)


def _locked(visit: Visit) -> Visit:
    locked: Visit = Visit.objects.select_for_update(of=("self",)).select_related("territory").get(pk=visit.pk)
    return locked


def _refuse_other_departure(visit: Visit, ended_at: datetime | None) -> None:
    """The hour of a visit that is over is never replaced; noting the same one again, or none, changes nothing."""
    if Report.objects.filter(visit=visit, state=ReportState.SIGNED).exists():
        message = "Le compte rendu est remis : l’heure de sortie ne change plus. Corrigez-la par un complément."
        raise BusinessError("signed", message, field="moment")
    assert visit.ended_at is not None, "a visit that is over has an end"
    if ended_at is not None and _to_the_minute(ended_at) != _to_the_minute(visit.ended_at):
        message = (
            f"Votre sortie est déjà notée à {hour(visit.ended_at)}, et les 24 heures partent de là. "
            "Si cette heure est fausse, écrivez-le dans le compte rendu."
        )
        raise BusinessError("already_left", message, field="moment")


def _check_home(visit: Visit, arrived_at: datetime) -> None:
    """Home earlier than the discharge was noted, the family is there: whoever says her hour has looked."""
    left_at = early_left_at(visit.pathway) if visit.kind in rules.KEEPS_ITS_DAYS else None
    if left_at is not None and arrived_at < left_at:
        message = (
            f"La sortie de la maternité est notée {moment(left_at)} : elles n’y sont peut-être pas encore. Si elles "
            "sont déjà rentrées, donnez l’heure de votre arrivée."
        )
        raise BusinessError("before_discharge", message, field="moment")


def _to_the_minute(at: datetime) -> datetime:
    """As the page shows and sends it."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _is_over(visit: Visit) -> BusinessError:
    return BusinessError("over", f"Cette visite est déjà notée : {visit.get_state_display().lower()}.")


def _check_day(visit: Visit, arrived_at: datetime) -> None:
    zone = visit.territory.time_zone
    planned_on = clock.local_date(visit.planned_at, zone)
    if abs((clock.local_date(arrived_at, zone) - planned_on).days) > rules.START_TOLERANCE_DAYS:
        message = f"Cette visite est prévue {in_words(visit.planned_at)} : déplacez-la d’abord."
        raise BusinessError("other_day", message, field="moment")


def _check_elsewhere(visit: Visit) -> None:
    """Nobody is in two homes: the hours of both visits, and the signs said there, would be the wrong family's."""
    # Two taps at the same second wait for each other.
    Member.objects.select_for_update(of=("self",)).get(pk=visit.ap_id)
    under_way = Visit.objects.filter(ap=visit.ap_id, state=VisitState.STARTED, family__moved_at=None)
    other = under_way.exclude(pk=visit.pk).order_by("-started_at", "pk").first()
    if other is not None:
        name = Mother.objects.get(family=other.family_id).name
        message = (
            f"Votre visite chez {name} n’est pas finie (arrivée {moment(other.started_at)}) : notez d’abord "
            "« Je sors », à l’heure où vous êtes partie."
        )
        raise ElsewhereError(message, other)


def _check_no_other_home(visit: Visit, first: datetime, last: datetime) -> None:
    """Between these instants she was in no other home that she has left; to leave one as she enters one is fine."""
    left = Visit.objects.filter(ap=visit.ap_id, state=VisitState.ENDED, family__moved_at=None).exclude(pk=visit.pk)
    around = left.filter(started_at__lt=max(last, first + timedelta(minutes=1)), ended_at__gt=first)
    other = around.order_by("-started_at", "pk").first()
    if other is not None and _to_the_minute(other.ended_at) > _to_the_minute(first):
        name = Mother.objects.get(family=other.family_id).name
        message = (
            f"À cette heure vous étiez chez {name} (entrée {moment(other.started_at)}, sortie à "
            f"{hour(other.ended_at)})\u202f: corrigez l’heure."
        )
        raise ElsewhereError(message, other)


def _check_departure(started_at: datetime, left_at: datetime, at: datetime) -> None:
    if left_at > at:
        raise BusinessError("future", "Cette heure n’est pas encore arrivée.", field="moment")
    if left_at <= started_at:
        raise BusinessError("end_before_start", "La sortie vient après l’arrivée.", field="moment")
    if left_at - started_at > rules.VISIT_MAX_DELAY:
        hours = rules.VISIT_MAX_DELAY // timedelta(hours=1)
        message = f"Une visite dure au plus {hours} heures : indiquez l’heure à laquelle vous êtes sortie."
        raise BusinessError("too_long", message, field="moment")
