"""Who answers for an auxiliary, and whom a member of the PMI stands for (A18, A39)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from copa.kernel.errors import BusinessError
from territories.enums import NURSES, SUPERVISORS, Role
from territories.models import Member


@transaction.atomic
def set_supervision(*, member: Member, supervisor: Member | None, nurse: Member | None, today: date) -> None:
    """The member of the medical team who answers for her, and the nurse or puéricultrice; None for nobody named yet.

    Raises `not_ap`, `wrong_supervisor`, `wrong_nurse`.
    """
    if not Member.objects.with_role(Role.AP).filter(pk=member.pk).exists():
        raise BusinessError("not_ap", "Seule une auxiliaire a une responsable et une encadrante.")
    _check(supervisor, SUPERVISORS, today, "supervisor", "Choisissez quelqu’un de l’équipe médicale.")
    _check(nurse, NURSES, today, "nurse", "Choisissez une infirmière ou une puéricultrice de l’équipe ou de la PMI.")
    Member.objects.filter(pk=member.pk).update(supervisor=supervisor, nurse=nurse)


def _check(person: Member | None, roles: Iterable[str], today: date, field: str, message: str) -> None:
    fitting = Member.objects.current(today).with_role(*roles)
    if person is not None and not fitting.filter(pk=person.pk).exists():
        raise BusinessError(f"wrong_{field}", message, field=field)


@transaction.atomic
def name_representative(*, member: Member, represents: str) -> None:
    """The name of the PMI doctor she stands for, "" when she is the doctor herself. Raises `not_pmi_doctor`."""
    if not Member.objects.with_role(Role.PMI_DOCTOR).filter(pk=member.pk).exists():
        raise BusinessError("not_pmi_doctor", "Seul un médecin de PMI a une représentante.")
    Member.objects.filter(pk=member.pk).update(represents=represents.strip())
