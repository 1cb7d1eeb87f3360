"""The care circle: somebody joins it, leaves it with a reason, or opens a file in an emergency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.families import open_to_agreed, revoke_grant
from pathways.actions.shared import hold_family, local_day
from pathways.enums import PMI_ENTRY, CircleRole, GrantReason
from pathways.models import EMERGENCY_HOURS, RECIPIENT_OF_ROLE, CareCircleMember, Family, FamilyGrant
from pathways.notices.circle import file_opened
from pathways.perms import OPEN_FAMILY_TO, SEE_FAMILY
from territories.models import DirectoryEntry, Member

# A word such as « urgent » tells nobody later what happened.
WHY_LETTERS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody to add: a `member` of the platform, an `entry` of the directory, or else a `name` and phone (E.164 or
    "") typed by hand.
    """

    work: str
    member: Member | None = None
    entry: DirectoryEntry | None = None
    name: str = ""
    phone: str = ""
    why: str = ""


@transaction.atomic
def join_circle(*, family: Family, newcomer: Newcomer, since: date, by: Member, at: datetime) -> CareCircleMember:
    """Add somebody to the circle from a local day on.

    It opens nothing by itself. To somebody with an account, for whose work the mother said yes before, the file opens
    as it would have with her yes (R044, R076) when whoever adds her may open it. Otherwise the team decides: the mother
    may have meant somebody else. Raises `since_in_future`, `circle_member_named`, `circle_member_once`.
    """
    hold_family(family_id=family.pk)
    joined = _join(family, newcomer, since, by, at)
    if OPEN_FAMILY_TO.allows(by, family):
        open_to_agreed(family=family, by=by, at=at, only=Q(pk=joined.pk))
    return joined


def _join(family: Family, newcomer: Newcomer, since: date, by: Member, at: datetime) -> CareCircleMember:
    if since > local_day(at):
        raise BusinessError("since_in_future", "Cette date n’est pas encore arrivée.", field="since")
    name, phone = _written(newcomer)
    if newcomer.member is None and not name:
        message = "Choisissez quelqu’un de la plateforme, ou écrivez son nom."
        raise BusinessError("circle_member_named", message, field="name")
    with refusals_of(CareCircleMember):
        joined: CareCircleMember = CareCircleMember.objects.create(
            family=family,
            member=newcomer.member,
            entry=None if newcomer.member else newcomer.entry,
            name=name,
            phone=phone,
            role=_work_of(newcomer),
            why=newcomer.why.strip(),
            since=since,
            added_by=by,
            added_at=at,
        )
    return joined


def _work_of(newcomer: Newcomer) -> str:
    """inclusion.md, incl.sfl.entry: a midwife of the PMI stands in the directory under her centre.

    Her recipient is the PMI, whatever she was chosen as: the agreement asked is that one.
    """
    is_pmi = newcomer.entry is not None and newcomer.entry.type == PMI_ENTRY
    return CircleRole.PMI_MIDWIFE if is_pmi and newcomer.work == CircleRole.LIBERAL_MIDWIFE else newcomer.work


def _written(newcomer: Newcomer) -> tuple[str, str]:
    """The name and the phone of somebody outside the platform, as the directory has them; "" for a member."""
    if newcomer.member:
        return "", ""
    if newcomer.entry:
        return newcomer.entry.name, newcomer.entry.phone
    return newcomer.name.strip(), newcomer.phone


@transaction.atomic
def leave_circle(*, person: CareCircleMember, until: date, reason: str, by: Member, at: datetime) -> None:
    """End somebody's place on a local day, with the reason; her running grant of the file ends at once.

    Raises `circle_ended` when somebody else did it before, `until_in_future`, `circle_ends_after_start`.
    """
    if until > local_day(at):
        raise BusinessError("until_in_future", "Cette date n’est pas encore arrivée.", field="until")
    if until < person.since:
        raise BusinessError("circle_ends_after_start", "La fin précède le début.", field="until")
    # Before her place, as in `join_circle`: two people never wait for each other.
    hold_family(family_id=person.family_id)
    running = CareCircleMember.objects.filter(pk=person.pk, until=None)
    if not running.update(until=until, end_reason=reason, ended_by=by, ended_at=at):
        raise BusinessError("circle_ended", "Cette personne n’est déjà plus dans le cercle.")
    if person.member is not None:
        revoke_grant(family=person.family, user_id=person.member.user_id, at=at)


@transaction.atomic
def open_in_emergency(*, family: Family, why: str, by: Member, at: datetime) -> FamilyGrant:
    """Open a file she may not see, for three hours, and tell the coordinator and the referring team at once.

    Raises `why_missing`, `already_open` when she may read it without, and `followed_elsewhere`: what another territory
    follows stays closed here (A38). The reports stay under the mother's answers.
    """
    if len(why.strip()) < WHY_LETTERS:
        message = "Dites en une phrase ce qui se passe et ce que vous devez faire."
        raise BusinessError("why_missing", message, field="why")
    if SEE_FAMILY.allows(by, family):
        raise BusinessError("already_open", "Ce dossier vous est déjà ouvert.")
    hold_family(family_id=family.pk)
    if Family.objects.filter(pk=family.pk, moved_at__isnull=False).exists():
        message = "Ce dossier est clos ici : appelez la coordinatrice."
        raise BusinessError("followed_elsewhere", message, field="reference")
    grant: FamilyGrant
    grant, _ = FamilyGrant.objects.update_or_create(
        user_id=by.user_id,
        permission=Permission.objects.get(content_type__app_label="pathways", codename="view_family"),
        content_object=family,
        defaults={
            "reason": GrantReason.EMERGENCY,
            "recipient": RECIPIENT_OF_ROLE.get(by.role, ""),
            "named": "",
            "why": why.strip(),
            "granted_by": by,
            "granted_at": at,
            "expires_at": at + timedelta(hours=EMERGENCY_HOURS),
            "revoked_at": None,
        },
    )
    file_opened(grant=grant, at=at)
    return grant


def welcome(*, family: Family, newcomers: Iterable[Newcomer], by: Member, at: datetime) -> None:
    """The people she names at her inclusion (R068): each joins the circle, unless she stands in it already.

    Those of the platform to whom she said yes get the file (R044, R076); inside the caller's transaction.
    """
    today = local_day(at)
    for newcomer in newcomers:
        known = CareCircleMember.objects.filter(family=family, role=newcomer.work, until=None)
        name, _ = _written(newcomer)
        if known.filter(member=newcomer.member, entry=newcomer.entry, name=name).exists():
            continue
        _join(family, newcomer, today, by, at)
    open_to_agreed(family=family, by=by, at=at)
