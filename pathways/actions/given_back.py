"""An alert taken by mistake is given back: nobody has it any more, and the ladder begins anew at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from copa.kernel.errors import BusinessError
from pathways.actions.alerts import alert_over, write_note
from pathways.actions.ladder import start_again
from pathways.enums import AlertNoteKind
from pathways.models import Alert
from territories.models import Member


@transaction.atomic
def give_back_alert(*, alert: Alert, by: Member, reason: str, at: datetime) -> None:
    """Whoever took a sign by her name alone gives it back; `reason` may be "". Both stand in the register of the alert.

    Once an instruction, or a refusal of any follow-up, is written, it is no mistake any more: it is closed.
    Raises `not_taken`, `not_hers`, `alert_instructed`, `alert_ended`.
    """
    mine = Alert.objects.returnable().filter(pk=alert.pk, acknowledged_by=by)
    # Held: a step of the ladder, an instruction or another taking comes before this, or after.
    held: Alert | None = mine.select_for_update(of=("self",)).first()
    if held is None:
        raise _kept(Alert.objects.select_related("acknowledged_by__user").get(pk=alert.pk), by)
    write_note(held, AlertNoteKind.BACK, by, at, at, words=reason, taken_at=held.acknowledged_at)
    Alert.objects.filter(pk=held.pk).update(acknowledged_at=None, acknowledged_by=None, turn=F("turn") + 1)
    start_again(alert=held, at=at)


def _kept(alert: Alert, by: Member) -> BusinessError:
    if alert.ended_at is not None:
        return alert_over()
    if alert.acknowledged_by is None:
        return BusinessError("not_taken", "Cette alerte n’est plus prise : l’équipe est déjà rappelée.")
    if alert.acknowledged_by_id != by.pk:
        name = alert.acknowledged_by.user.get_full_name()
        return BusinessError("not_hers", f"{name} a cette alerte : personne d’autre ne peut la rendre.")
    message = "La consigne est déjà écrite : dites ce qui a été fait, puis l’alerte se clôt."
    return BusinessError("alert_instructed", message)
