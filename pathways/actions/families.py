"""What changes in the file of a family: how to reach her, where she lives, who may receive what, who may open it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.meanwhile import check_unchanged, token_of
from pathways import rules
from pathways.actions.her_answer import check_her_answer
from pathways.actions.sendings import stop_refused
from pathways.actions.shared import check_mother_lives, hold_family, local_day, local_zone, store_words
from pathways.actions.stays import follow_ticks
from pathways.enums import Agreement, CircleRole, GrantReason, PathwayState, Recipient, RelayState
from pathways.models import (
    RECIPIENT_OF_ROLE,
    Birth,
    Child,
    Family,
    FamilyGrant,
    Mother,
    Pathway,
    PmiRelay,
    RecipientConsent,
    Withdrawal,
)
from pathways.models.deaths import of_orphans
from pathways.notices.stops import file_shared
from pathways.notices.transmissions import tell_transmissions_ended
from pathways.reads.openings import waits_for_file
from pathways.relay_notices import relay_taken_back
from pathways.signals import pmi_refused
from territories.actions.communes import stored_commune
from territories.models import Commune, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Safe-contact rules (A36). A phone that somebody else reads makes every message discreet.

    `hours` are codes of ContactHours. `may_call` None while nobody has asked; `is_refused`: she wants no contact
    between the visits, which goes with no channel.
    """

    hours: tuple[str, ...]
    may_sms: bool
    may_email: bool
    is_discreet: bool
    no_voice_mail: bool
    may_call: bool | None = None
    may_space: bool = False
    is_refused: bool = False
    is_shared_phone: bool = False
    lifts_team_rule: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the page of corrections may change. `commune` None keeps the family without one; `phone` is E.164 or "".

    `children` maps the public id of each child to its first name and whether it is still in hospital.
    """

    used_name: str
    phone: str
    email: str
    address: str
    commune: Commune | None
    access_hint: str
    contact: Contact
    language: str
    access_needs: tuple[str, ...]
    children: Mapping[UUID, tuple[str, bool]]


def details_token(family: Family) -> str:
    """A short print of everything `edit_family` may change, as it stands in the database now.

    The form carries it back: whoever saves an older state is told so instead of undoing a colleague's correction.
    """
    about = Family.objects.values_list(
        "address",
        "commune",
        "access_hint",
        "contact_hours",
        "may_sms",
        "may_email",
        "may_call",
        "may_space",
        "is_contact_refused",
        "is_discreet",
        "no_voice_mail",
        "is_phone_shared",
        "through_team_since",
    ).get(pk=family.pk)
    mother = Mother.objects.values_list("used_name", "phone", "email", "language", "access_needs").get(family=family)
    children = Child.objects.filter(family=family).order_by("pk")
    facts = (about, mother, list(children.values_list("pk", "first_name", "is_hospitalised")))
    return token_of(facts)


@transaction.atomic
def edit_family(*, family: Family, token: str, details: Details, at: datetime) -> None:
    """Correct what is known of a family.

    Raises `changed_meanwhile` when somebody else corrected it since `token`, `stay_running` (see `follow_ticks`).
    """
    lives_in = Family.objects.select_for_update(of=("self",)).get(pk=family.pk).commune_id
    check_unchanged(token, details_token(family))
    if details.commune is None and family.commune_id is not None:
        raise BusinessError("commune_missing", "La commune est nécessaire.", field="commune")
    mother = Mother.objects.get(family=family)
    commune = stored_commune(details.commune)
    Family.objects.filter(pk=family.pk).update(
        address=details.address, commune=commune, access_hint=details.access_hint
    )
    Mother.objects.filter(pk=mother.pk).update(
        used_name=details.used_name,
        phone=details.phone,
        email=details.email,
        language=details.language,
        access_needs=list(details.access_needs),
    )
    for public_id, (first_name, is_hospitalised) in details.children.items():
        child = Child.objects.filter(family=family, public_id=public_id)
        child.update(first_name=first_name, is_hospitalised=is_hospitalised)
    follow_ticks(family_id=family.pk, at=at)
    store_words(family_id=family.pk)
    store_contact(family=family, contact=details.contact)
    if commune is not None and commune.pk != lives_in:
        _follow_sector(family, commune)


def store_contact(*, family: Family, contact: Contact) -> None:
    """Write the safe-contact rules; inside the caller's transaction.

    Raises `phone_missing` or `email_missing` when she wants to be reached by what nobody wrote down, `contact_refused`
    when a channel goes with none.
    """
    mother = Mother.objects.get(family=family)
    if contact.is_refused and (contact.may_sms or contact.may_email or contact.may_call or contact.may_space):
        message = "Ne pas la contacter ne va avec aucun autre choix."
        raise BusinessError("contact_refused", message, field="is_refused")
    if contact.may_sms and not mother.phone:
        raise BusinessError("phone_missing", "Notez d’abord son numéro de téléphone.", field="may_sms")
    if contact.may_call and not mother.phone:
        raise BusinessError("phone_missing", "Notez d’abord son numéro de téléphone.", field="may_call")
    if contact.may_email and not mother.email:
        raise BusinessError("email_missing", "Notez d’abord son adresse e-mail.", field="may_email")
    Family.objects.filter(pk=family.pk).update(
        contact_hours=list(contact.hours),
        may_call=False if contact.is_refused else contact.may_call,
        may_space=contact.may_space,
        is_contact_refused=contact.is_refused,
        may_sms=contact.may_sms,
        may_email=contact.may_email,
        is_discreet=contact.is_discreet or contact.is_shared_phone,
        no_voice_mail=contact.no_voice_mail,
        is_phone_shared=contact.is_shared_phone,
    )
    if contact.lifts_team_rule:
        Family.objects.filter(pk=family.pk).update(through_team_since=None)


def tighten_contact(*, family_id: int, at: datetime) -> None:
    """Nothing is written to her and nobody rings her without the team any more (A36): a call could put her in danger.

    A rule of its own: what she wished stays as she said it, and is hers again once the team lifts the rule. It counts
    from the first time.
    """
    Family.objects.filter(pk=family_id).update(
        through_team_since=Coalesce(F("through_team_since"), Value(at)), is_discreet=True, no_voice_mail=True
    )


def _follow_sector(family: Family, commune: Commune) -> None:
    """A relay that nobody has accepted goes to the PMI of the new commune; the same commune undoes no reassignment."""
    waiting = PmiRelay.objects.filter(family=family).exclude(state=RelayState.ACCEPTED)
    waiting.update(sector=commune.sector_id)


@transaction.atomic
def change_recipients(
    *,
    family: Family,
    agreements: Mapping[str, str],
    by: Member,
    at: datetime,
    others: Mapping[str, str] | None = None,
) -> None:
    """Note her new answers: what has left has left, what still waits is withheld. The PMI relay follows its own (A16).

    `others` maps people no list foresees, by name and work, to her answer about them. Raises `mourning`.
    """
    hold_family(family_id=family.pk)
    check_mother_lives(family_id=family.pk)
    agreed = store_agreements(family_id=family.pk, agreements=agreements, others=others, by=by, at=at)
    is_pmi_agreed = agreements.get(Recipient.PMI) == Agreement.YES
    taken_back: list[PmiRelay] = []
    if Recipient.PMI in agreements:
        taken_back = [] if is_pmi_agreed else _followed_by_pmi(family)
        PmiRelay.objects.filter(family=family).update(is_agreed=is_pmi_agreed)
    open_to_agreed(family=family, by=by, at=at, only=Q(recipient__in=agreed))
    # First what has not left: whoever was not told of an appointment is not told that it is cancelled.
    stop_refused(family_id=family.pk, at=at)
    for relay in taken_back:
        relay_taken_back(relay=relay, by=by, at=at)
    if Recipient.PMI in agreements and not is_pmi_agreed:
        pmi_refused.send(Family, family_id=family.pk, at=at)


def _followed_by_pmi(family: Family) -> list[PmiRelay]:
    """Relays that a PMI has accepted with her yes and has not ended: it has a contact with her in its own diary."""
    agreed = PmiRelay.objects.running().filter(family=family, is_agreed=True, state=RelayState.ACCEPTED)
    going_on = agreed.exclude(outcome__in=rules.RELAY_ENDS)
    return list(going_on.select_related("pathway__carrier", "sector__structure", "answered_by__user").order_by("pk"))


def answers_token(family: Family) -> str:
    """A short fingerprint of every answer as it stands: a page opened before one changed must not undo it."""
    rows = RecipientConsent.objects.filter(family=family).order_by("pk")
    return token_of(list(rows.values_list("recipient", "named", "answer")))


@transaction.atomic
def ask_recipients(
    *, family: Family, token: str, agreements: Mapping[str, str], others: Mapping[str, str], by: Member, at: datetime
) -> None:
    """Every question asked again at once. Raises `changed_meanwhile` when an answer changed since `token`."""
    hold_family(family_id=family.pk)
    check_unchanged(token, answers_token(family))
    change_recipients(family=family, agreements=agreements, others=others, by=by, at=at)


def store_agreements(
    *,
    family_id: int,
    agreements: Mapping[str, str],
    by: Member,
    at: datetime,
    others: Mapping[str, str] | None = None,
) -> set[str]:
    """Write the answers that changed, the former ones stay in the history; the recipients she now says yes to.

    Inside the caller's transaction.
    """
    rows = RecipientConsent.objects.filter(family=family_id).order_by("pk")
    known = {(row.recipient, row.named): row for row in rows}
    said = {(recipient, ""): answer for recipient, answer in agreements.items()}
    said |= {(str(Recipient.OTHER), named): answer for named, answer in (others or {}).items()}
    agreed = set()
    for (recipient, named), answer in said.items():
        row = known.get((recipient, named))
        if answer == Agreement.YES and (row is None or row.answer != answer):
            agreed.add(recipient)
        if row is None:
            values: dict[str, Any] = {"answer": answer, "at": at, "collected_by": by}
            RecipientConsent.objects.create(family_id=family_id, recipient=recipient, named=named, **values)
        elif row.answer != answer:
            RecipientConsent.objects.filter(pk=row.pk).update(answer=answer, at=at, collected_by=by)
        if (recipient, answer) == (Recipient.PMI, Agreement.NO) and (row is None or row.answer != answer):
            tell_transmissions_ended(family_id=family_id, by=by, at=at)
    return agreed


@transaction.atomic
def open_family_to(
    *,
    family: Family,
    to: Member,
    reason: str,
    until: date,
    by: Member,
    at: datetime,
    recipient: str = "",
    named: str = "",
    is_confirmed: bool = False,
) -> None:
    """Open one family to one professional by name until the end of a local day, three months ahead at most.

    She is told of it (R044). Opening it again replaces the former end (one row per person and family). `recipient`
    says as whom somebody outside reads (with `named` for OTHER), "" to leave it to her role: the mother's answer for
    it opens the reports. `is_confirmed`: the mother agrees, although no answer of hers is written (`check_her_answer`).
    After the death of the mother only the opening of the child's doctor is prolonged, as such. Raises what forbids it.
    """
    hold_family(family_id=family.pk)
    if refusal := _closed_for_good(family.pk):
        if not _follows_orphan(family.pk, to, at):
            raise refusal
        recipient = Recipient.PAEDIATRICIAN
    _check_end(until, local_day(at))
    if refusal is None:
        check_her_answer(
            family=family, to=to, recipient=recipient, named=named, is_confirmed=is_confirmed, day=local_day(at)
        )
    grant = _store_grant(
        family,
        to,
        reason=reason,
        recipient=RECIPIENT_OF_ROLE.get(to.role, recipient),
        named=named if recipient == Recipient.OTHER else "",
        granted_by=by,
        granted_at=at,
        expires_at=clock.day_bounds(until, local_zone())[1],
    )
    file_shared(grant=grant, by=by, at=at)


def _store_grant(family: Family, to: Member, **values: Any) -> FamilyGrant:
    grant: FamilyGrant
    grant, _ = FamilyGrant.objects.update_or_create(
        user_id=to.user_id,
        permission=Permission.objects.get(content_type__app_label="pathways", codename="view_family"),
        content_object=family,
        defaults=values | {"revoked_at": None},
    )
    return grant


def _check_end(until: date, today: date) -> None:
    if until < today:
        raise BusinessError("grant_past", "Cette date est passée.", field="until")
    if (until - today).days > rules.GRANT_MAX_DAYS:
        raise BusinessError("grant_too_long", "Un dossier s’ouvre pour trois mois au plus.", field="until")


def _closed_for_good(family_id: int) -> BusinessError | None:
    """Why this file opens to nobody any more: another territory follows her, or the last pathway has stopped (A38)."""
    if Family.objects.filter(pk=family_id, moved_at__isnull=False).exists():
        message = "Cette famille est suivie dans un autre territoire : son dossier ne s’ouvre plus à personne ici."
        return BusinessError("followed_elsewhere", message)
    last = Birth.objects.filter(family=family_id).order_by("-at", "-pk").first()
    state = Pathway.objects.filter(birth=last).order_by("pk").values_list("state", flat=True).last() or ""
    if not rules.takes_nothing_new(is_silent=last is not None and last.is_silent, state=state):
        return None
    return BusinessError("stopped", "L’accompagnement est arrêté : ce dossier ne s’ouvre plus à personne.")


def _follows_orphan(family_id: int, to: Member, at: datetime) -> bool:
    """Whether the file is open to her now as the doctor of a child who lives and whose mother died.

    Her death takes the child away from nobody who follows it, as for the PMI (`PmiRelayQuerySet.shown`).
    """
    last = Birth.objects.filter(family=family_id, family__moved_at=None).order_by("-at", "-pk")[:1]
    bereaved = Pathway.objects.filter(birth__in=list(last), state=PathwayState.BEREAVED)
    open_to_her = FamilyGrant.objects.running_for(to, family_id).filter(recipient=Recipient.PAEDIATRICIAN)
    return bool(bereaved.filter(of_orphans("birth")).exists() and open_to_her.running(at).exists())


# Beyond the 21 days and the relay, the team opens it again if she still follows the mother or the child.
GRANT_BY_AGREEMENT_DAYS = 60
_REASON_OF_WORK = {
    CircleRole.LIBERAL_MIDWIFE: GrantReason.LIBERAL_MIDWIFE,
    CircleRole.GENERAL_PRACTITIONER: GrantReason.FOLLOWS,
    CircleRole.PAEDIATRICIAN: GrantReason.FOLLOWS,
}


def open_to_agreed(*, family: Family, by: Member, at: datetime, only: Q | None = None) -> None:
    """Open the file to those of the circle who wait for it with the mother's yes (`waits_for_file`), `only` these.

    Without it no report reaches them. Inside the caller's transaction.
    """
    today = local_day(at)
    waiting = waits_for_file(at, today).filter(only or Q(), family=family).select_related("member__user")
    for person in waiting.order_by("pk"):
        open_family_to(
            family=family,
            to=person.member,
            reason=_REASON_OF_WORK[CircleRole(person.role)],
            until=today + timedelta(days=GRANT_BY_AGREEMENT_DAYS),
            by=by,
            at=at,
            recipient=person.recipient,
        )


@transaction.atomic
def revoke_grant(*, family: Family, user_id: int, at: datetime) -> bool:
    """Close a family to one professional now; False when it was not open to her.

    What a withdrawal had closed to her stays closed when that is undone: this is its end from now on.
    """
    # Held: the withdrawal is undone before this, or after.
    hold_family(family_id=family.pk)
    hers = FamilyGrant.objects.filter(content_object=family, user_id=user_id)
    standing = Withdrawal.objects.filter(family=family, undone_at=None, files_closed_at__isnull=False)
    hers.filter(revoked_at__in=standing.values("files_closed_at")).update(revoked_at=at)
    return bool(hers.running(at).update(revoked_at=at))
