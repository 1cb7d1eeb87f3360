"""An adhesion given during the pregnancy, before there is a birth: kept with its own date, taken over once (R067)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.shared import local_day
from pathways.enums import Collector, ProposalAnswer
from pathways.models import AntenatalConsent, Presentation
from pathways.texts import adhesion_on
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyAdhesion:
    """What she accepted and was given; the platform says which text was in force. `given_at` None: now.

    `collector_name` is "" when whoever writes collected it herself; `minor_beside` is asked of a mother under eighteen.
    """

    collector: str
    collector_name: str
    given_at: datetime | None
    mode: str
    notice_version: str
    notice_form: str
    minor_beside: str


@transaction.atomic
def note_adhesion(*, presentation: Presentation, adhesion: EarlyAdhesion, by: Member, at: datetime) -> AntenatalConsent:
    """Keep the adhesion of a woman who said yes before the birth.

    Raises `presentation_over`, `adhesion_without_yes`, `collector_missing`, `adhesion_moment`, `adhesion_text`,
    `minor_beside_missing`, `antenatal_consent_once`.
    """
    row = Presentation.objects.select_for_update(of=("self",)).get(pk=presentation.pk)
    given_at = adhesion.given_at or at
    _check_presentation(row)
    check_collector(adhesion.collector)
    if given_at > at or local_day(given_at) < row.presented_on:
        message = "L’adhésion suit la présentation, et n’est pas dans le futur."
        raise BusinessError("adhesion_moment", message, field="given_at")
    text_version = adhesion_version(given_at)
    check_beside(adhesion.minor_beside, born=row.birth_on, precision=row.birth_precision, day=local_day(given_at))
    with refusals_of(AntenatalConsent):
        consent: AntenatalConsent = AntenatalConsent.objects.create(
            presentation=row,
            collected_by=by,
            collector=adhesion.collector,
            collector_name=adhesion.collector_name,
            at=given_at,
            mode=adhesion.mode,
            text_version=text_version,
            notice_version=adhesion.notice_version,
            notice_form=adhesion.notice_form,
            minor_beside=adhesion.minor_beside,
        )
    return consent


def adhesion_version(given_at: datetime) -> str:
    """The version of the text in force on the local day of an adhesion. Raises `adhesion_text` before the first one."""
    text = adhesion_on(local_day(given_at))
    if text is None:
        message = "Aucun texte d’adhésion n’était en vigueur ce jour-là : vérifiez la date, ou recueillez son adhésion."
        raise BusinessError("adhesion_text", message, field="given_at")
    return text.version


def check_collector(collector: str) -> None:
    """Raises `collector_missing` unless a midwife or an AP collected it (R067)."""
    if collector not in Collector.values:
        message = "L’adhésion est recueillie par une sage-femme ou une auxiliaire : dites laquelle."
        raise BusinessError("collector_missing", message, field="collector")


def check_beside(minor_beside: str, *, born: date, precision: str, day: date) -> None:
    """Raises `minor_beside_missing` when a mother under eighteen on this day has nobody written beside her (L16).

    She decides herself; the platform tells nobody.
    """
    if rules.is_minor(born, day, precision) and not minor_beside:
        raise BusinessError("minor_beside_missing", "Dites qui est à ses côtés.", field="minor_beside")


def _check_presentation(row: Presentation) -> None:
    if row.birth_id or row.closed_at:
        message = "Cette présentation n’attend plus de naissance : elle est reprise ou close."
        raise BusinessError("presentation_over", message)
    if row.answer != ProposalAnswer.YES:
        raise BusinessError("adhesion_without_yes", "Notez d’abord qu’elle a dit oui.")
