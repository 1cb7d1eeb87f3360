"""Changes about people: who joins, who leaves, whose rights are given back, the invitations. And the directory."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from copa.kernel import clock
from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import full_day, inner
from territories import notices
from territories.enums import BINOME, KINDS_OF_ROLE, Role, StructureKind
from territories.models import Member, Structure, Territory, User

# Beside which field of the page the sentence of a violated constraint stands.
_FIELDS = {"member_has_structure": "structure", "member_once_per_territory": "email"}


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A person to add, as typed. `email` is in lower case; `ends_on` None for rights without a known end."""

    email: str
    first_name: str
    last_name: str
    role: str
    structure: Structure | None
    starts_on: date
    ends_on: date | None = None


@transaction.atomic
def add_member(*, newcomer: Newcomer, territory: Territory, at: datetime) -> Member:
    """Give a person a role in the territory and write to her.

    Somebody who already has an account, here or elsewhere, keeps its name and its password, and gets no link.
    """
    _check_days(newcomer, clock.local_date(at, territory.time_zone))
    _check_place(newcomer)
    user = _account(newcomer)
    _check_free(user, newcomer.starts_on, newcomer.ends_on)
    with refusals_of(Member, beside=_FIELDS):
        member: Member = Member.objects.create(
            user=user,
            structure=newcomer.structure,
            role=newcomer.role,
            starts_on=newcomer.starts_on,
            ends_on=newcomer.ends_on,
        )
    notices.invitation(member=member, at=at)
    return member


@transaction.atomic
def invite_again(*, member: Member, at: datetime) -> None:
    """Send another link to somebody who has not chosen her password yet."""
    if member.user.has_usable_password():
        raise BusinessError("has_password", "Elle a déjà choisi son mot de passe : elle peut se connecter.")
    if member.ends_on and member.ends_on < clock.local_date(at, member.territory.time_zone):
        raise BusinessError("rights_ended", "Ses droits ont pris fin : rendez-les-lui d’abord.")
    if not notices.invitation(member=member, at=at):
        raise BusinessError("just_invited", "L’invitation vient de partir. Attendez une minute avant de recommencer.")


@transaction.atomic
def end_rights(*, member: Member, last_day: date, today: date, leaves_alone: bool) -> None:
    """Her rights end with this local day (both included), or the end already noted is corrected.

    A day already past would rewrite what she was allowed. `leaves_alone` confirms that nobody else of the binôme holds
    her role afterwards (R034).
    """
    if last_day < max(today, member.starts_on):
        raise BusinessError("end_in_the_past", "Choisissez aujourd’hui ou un jour à venir.", field="last_day")
    _check_free(member.user, member.starts_on, last_day, but=member)
    if not leaves_alone and _is_last_of_binome(member, last_day):
        role = inner(member.get_role_display())
        message = (
            f"Après ce jour, le territoire n’a plus de {role} : le binôme pilote serait incomplet. "
            "Ajoutez d’abord la personne qui la remplace, ou cochez la case."
        )
        raise BusinessError("last_of_binome", message, field="leaves_alone")
    Member.objects.filter(pk=member.pk).update(ends_on=last_day)


@transaction.atomic
def give_back_rights(*, member: Member) -> None:
    """Take away the end of her rights. When it had passed, the days since count as hers; the history tells it."""
    if member.ends_on is None:
        raise BusinessError("not_ended", "Ses droits n’ont pas de date de fin.")
    _check_free(member.user, member.starts_on, None, but=member)
    Member.objects.filter(pk=member.pk).update(ends_on=None)


@transaction.atomic
def set_phone(*, member: Member, phone: str) -> None:
    """Her professional number, in E.164, where alerts are told by SMS; "" takes it away. It is one per account."""
    User.objects.filter(pk=member.user_id).update(phone=phone)


def _check_days(newcomer: Newcomer, today: date) -> None:
    if newcomer.starts_on < today:
        raise BusinessError("start_in_the_past", "Choisissez aujourd’hui ou un jour à venir.", field="starts_on")
    if newcomer.ends_on is not None and newcomer.ends_on < newcomer.starts_on:
        raise BusinessError("end_before_start", "La fin des droits précède leur début.", field="ends_on")


def _check_place(newcomer: Newcomer) -> None:
    """Refuse a structure that cannot hold the role (R031, R034). That some roles need one is a constraint's affair."""
    kinds = KINDS_OF_ROLE.get(newcomer.role)
    if kinds and newcomer.structure and newcomer.structure.kind not in kinds:
        role = inner(Role(newcomer.role).label)
        fitting = " ou ".join(kind.label for kind in StructureKind if kind in kinds)
        message = f"Ce rôle ({role}) s’exerce ailleurs : choisissez une structure de type {fitting}."
        raise BusinessError("wrong_kind_of_structure", message, field="structure")


def _account(newcomer: Newcomer) -> User:
    """The account of this address: hers, or a new one that has no password yet."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                newcomer.email, first_name=newcomer.first_name, last_name=newcomer.last_name
            )
    except IntegrityError:
        # The unique address decides, not a look before the insert: two territories may invite her at once.
        user: User = User.objects.get(email=newcomer.email)
    if not user.is_active:
        message = "Ce compte est fermé. L’assistance de CoPa peut le rouvrir."
        raise BusinessError("account_closed", message, field="email")
    return user


def _check_free(user: User, starts_on: date, ends_on: date | None, *, but: Member | None = None) -> None:
    """Refuse two roles of one person in the territory on the same day."""
    rows = Member.objects.filter(user=user).overlapping(starts_on, ends_on)
    other = rows.exclude(pk=but.pk if but else None).order_by("starts_on").first()
    if other is not None:
        until = f"jusqu’au {full_day(other.ends_on)}" if other.ends_on else f"depuis le {full_day(other.starts_on)}"
        message = f"Cette personne a déjà un rôle sur ce territoire : {inner(other.get_role_display())}, {until}."
        raise BusinessError("member_once_per_territory", message, field="email")


def _is_last_of_binome(member: Member, last_day: date) -> bool:
    if not Member.objects.with_role(*BINOME).filter(pk=member.pk).exists():
        return False
    following = last_day + timedelta(days=1)
    others = Member.objects.current(following).with_role(member.role).filter(~Q(user=member.user))
    return not others.exists()
