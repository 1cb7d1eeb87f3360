"""A sign of the demonstration says who was told of it, each at the hour at which the platform would have."""

from copa.demo.ladders import write_ladders
from copa.demo.loader import Plan
from copa.kernel import scope
from copa.kernel.outbox import OutboxState
from pathways.enums import SIGN_KINDS, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE
from pathways.rules.ladder import LADDER, next_step, step_at
from territories.models import OutgoingMessage
from tests.demo.conftest import AT, inside

ANSWER = ("acknowledged_at", "acknowledged_by", "instruction", "instructed_at", "closed_at", "outcome", "decision")


def test_every_sign_that_waits_or_is_answered_says_who_was_told(plan: Plan) -> None:
    with scope.opened(inside("vallees-de-l-est")):
        before = dict(Alert.objects.order_by("pk").values_list("pk", "acknowledged_at"))
        answers = list(Alert.objects.order_by("pk").values_list(*ANSWER))

    assert write_ladders(plan) > 0

    with scope.opened(inside("vallees-de-l-est")):
        assert list(Alert.objects.order_by("pk").values_list(*ANSWER)) == answers
        shown = Alert.objects.filter(IS_OPEN | IS_TO_CLOSE, kind__in=SIGN_KINDS)
        assert shown.exists()
        for alert in shown.order_by("pk"):
            steps = AlertStep.objects.filter(alert=alert).order_by("pk")
            hours = dict(steps.values_list("step", "reached_at"))
            assert hours[LadderStep.RAISED] == alert.raised_at
            until = before[alert.pk] or AT
            for step, times in LADDER:
                due = step_at(alert.raised_at, alert.answer_due_at, times)
                assert hours.get(step, due) == due
                if step in {LadderStep.SECOND, LadderStep.PILOTS}:
                    assert (step in hours) == (due < until)
            assert (LadderStep.TAKEN in hours) == (alert.acknowledged_at is not None)
            if alert.acknowledged_at is None:
                following = next_step(alert.family_code, hours)
                due = following and step_at(alert.raised_at, alert.answer_due_at, following[1])
                assert alert.next_step_at == due
            else:
                assert (alert.next_step_at is None) == (LadderStep.RETURN in hours)
        assert not shown.filter(next_step_at__lt=AT).exists()
        assert not AlertStep.objects.filter(reached_at__gt=AT).exists()
        assert AlertNotice.objects.filter(member__isnull=False, message__isnull=False).exists()
        left = OutgoingMessage.objects.filter(dedup_key__startswith="alert:")
        assert set(left.order_by("pk").values_list("state", flat=True)) == {OutboxState.SENT}
