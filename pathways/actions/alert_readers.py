"""The doctors of the referring teams are named, and taken off the list, by the binôme (alerts.md 1)."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.models import AlertReader
from pathways.reads.alert_readers import DOCTORS
from territories.models import Member, Structure


@transaction.atomic
def name_reader(*, structure: Structure, member: Member, by: Member, at: datetime) -> AlertReader:
    """Name somebody of this team as its doctor. Raises `not_of_team`, `alert_reader_once`."""
    if not Member.objects.with_role(*DOCTORS).filter(pk=member.pk, structure=structure).exists():
        raise BusinessError("not_of_team", "Choisissez quelqu’un de cette équipe.", field="member")
    try:
        with refusals_of(AlertReader):
            reader: AlertReader = AlertReader.objects.create(
                structure=structure, member=member, named_by=by, named_at=at
            )
    except BusinessError as refusal:
        refusal.field = "member"
        raise
    return reader


@transaction.atomic
def end_reader(*, reader: AlertReader, by: Member, at: datetime) -> None:
    """Take somebody off the list; the line stays with both dates. Raises `reader_ended`."""
    if not AlertReader.objects.named().filter(pk=reader.pk).update(ended_at=at, ended_by=by):
        raise BusinessError("reader_ended", "Cette personne n’est déjà plus sur la liste.")
