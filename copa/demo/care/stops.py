"""What pauses a pathway: a twin in hospital, families nobody hears from."""

from copa.demo.care.base import Office
from pathways.enums import ContactChannel, ContactResult, Patient, Ward
from pathways.models import Child, ContactAttempt, HospitalStay
from territories.enums import Role

# (script, days ago of each attempt, rank of the auxiliary who tried)
ATTEMPTS = (("silent", (-9, -8, -7), 1), ("hard_to_reach", (-5, -3, -1), 0))
TRIED = (
    (ContactChannel.CALL, ContactResult.NO_ANSWER),
    (ContactChannel.CALL, ContactResult.MESSAGE_LEFT),
    (ContactChannel.DOOR, ContactResult.NO_ANSWER),
)


def write_stops(office: Office) -> None:
    """One twin away, a mother away, and three attempts to reach each of two families."""
    second = Child.objects.filter(family=office.family("twins_apart"), rank=2).get()
    office.put(
        HospitalStay,
        family_id=second.family_id,
        birth_id=second.birth_id,
        person=Patient.CHILD,
        child=second,
        ward=Ward.NEONATAL,
        place="Hôpital de la vallée",
        starts_on=office.today(-2),
        noted_by_id=office.member(Role.REFERRING_TEAM).pk,
        noted_at=office.moment(-2, 18),
    )
    away = office.pathway("mother_away")
    office.put(
        HospitalStay,
        family_id=away.family_id,
        birth_id=away.birth_id,
        person=Patient.MOTHER,
        ward=Ward.MATERNITY,
        starts_on=office.today(-1),
        is_pausing=True,
        noted_by_id=office.member(Role.REFERRING_TEAM).pk,
        noted_at=office.moment(-1, 16),
    )
    Child.objects.filter(pk=second.pk).update(is_hospitalised=True)
    for script, days, rank in ATTEMPTS:
        for day, (channel, result) in zip(days, TRIED, strict=True):
            at = office.moment(day, 11)
            office.put(
                ContactAttempt,
                **office.of(script),
                at=at,
                channel=channel,
                result=result,
                by_id=office.member(Role.AP, rank).pk,
                noted_at=at,
            )
