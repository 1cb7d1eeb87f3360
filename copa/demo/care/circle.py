"""Who stands around the staged families, what has left for them, what the co-parents were told, and the refusals."""

from typing import Any

from copa.demo.care.base import Office
from pathways.enums import (
    Agreement,
    CircleEnd,
    CircleRole,
    ConcernLevel,
    ConcernSource,
    Document,
    NoticeForm,
    PmiBasis,
    Recipient,
    SendingWay,
)
from pathways.models import (
    Birth,
    CareCircleMember,
    Concern,
    CoParent,
    CoParentConsent,
    FamilyGrant,
    InformationNotice,
    PmiTransmission,
    Proposal,
    Sending,
)
from territories.enums import Role

COPARENT_NOTICE = "notice-coparent-2026.1-fr"
# (script, role, type of the directory or "" for a name by hand, name, since how many days, left how many days ago)
AROUND = (
    ("relay_waits", CircleRole.GENERAL_PRACTITIONER, "GP", "", 20, None),
    ("relay_waits", CircleRole.PAEDIATRICIAN, "PAEDIATRICIAN", "", 18, None),
    ("relay_waits", CircleRole.HOME_HELP, "", "Odile Rambert, TISF", 15, 3),
    ("relay_questioned", CircleRole.GENERAL_PRACTITIONER, "GP", "", 22, None),
    ("relay_questioned", CircleRole.PSYCHOLOGIST, "PSYCHOLOGIST", "", 9, None),
    ("last_today", CircleRole.GENERAL_PRACTITIONER, "", "Dr Anselme Riquier", 6, None),
    ("last_today", CircleRole.PAEDIATRICIAN, "PAEDIATRICIAN", "", 6, None),
    ("unread", CircleRole.GENERAL_PRACTITIONER, "GP", "", 12, None),
    ("low_mood", CircleRole.REPAP_REFERENT, "", "Maïwenn Talvard", 30, None),
)
# (script, recipient, type of the directory, what, how, days ago)
SENT = (
    ("last_today", Recipient.PAEDIATRICIAN, "PAEDIATRICIAN", Document.NEWS, SendingWay.MAIL, 3),
    ("last_today", Recipient.PMI, "PMI_CENTRE", Document.NEWS, SendingWay.MAIL, 2),
    ("relay_waits", Recipient.GENERAL_PRACTITIONER, "GP", Document.NEWS, SendingWay.MAIL, 4),
    ("relay_waits", Recipient.PAEDIATRICIAN, "PAEDIATRICIAN", Document.NEWS, SendingWay.MAIL, 4),
    ("relay_questioned", Recipient.GENERAL_PRACTITIONER, "GP", Document.NEWS, SendingWay.MAIL, 6),
    ("relay_questioned", Recipient.PSYCHOLOGIST, "PSYCHOLOGIST", Document.ORIENTATION, SendingWay.LETTER, 8),
    ("unread", Recipient.GENERAL_PRACTITIONER, "GP", Document.NEWS, SendingWay.MAIL, 2),
)
INFORMED = (("relay_waits", Agreement.YES), ("relay_questioned", Agreement.LATER), ("last_today", ""))


def write_circle(office: Office) -> None:
    """The circle, what has left for it, what each co-parent was told, then what follows a refusal."""
    for script, work, kind, name, since, left in AROUND:
        _stands(office, script, work, kind, name, since, left)
    for script in ("relay_waits", "relay_questioned"):
        _midwife(office, script)
    for script, recipient, kind, what, how, days in SENT:
        _send(office, script, recipient, kind, what, how, days)
    held = {"message": office.uid(), "stopped_at": office.moment(-1, 12), "stopped_reason": HELD}
    _send(
        office, "last_today", Recipient.PSYCHOLOGIST, "PSYCHOLOGIST", Document.ORIENTATION, SendingWay.LINK, 1, **held
    )
    for script, answer in INFORMED:
        _inform(office, script, answer)
    _after_refusals(office)


HELD = "La mère ne souhaite pas que cette personne reçoive ce qui est écrit."


def _send(office: Office, script: str, recipient: str, kind: str, what: str, how: str, days: int, **held: Any) -> None:
    office.put(
        Sending,
        **office.of(script),
        recipient=recipient,
        document=what,
        to=office.entries[kind].name,
        how=how,
        at=office.moment(-days, 10),
        by_id=office.member(Role.REFERRING_TEAM).pk,
        **held,
    )


def _stands(office: Office, script: str, work: CircleRole, kind: str, name: str, since: int, left: int | None) -> None:
    entry = office.entries[kind] if kind else None
    by = office.member(Role.AP).pk
    ended = {}
    if left is not None:
        ended = {
            "until": office.today(-left),
            "end_reason": CircleEnd.FINISHED,
            "ended_by_id": by,
            "ended_at": office.moment(-left, 16),
        }
    office.put(
        CareCircleMember,
        family_id=office.family(script),
        role=work,
        entry=entry,
        name=entry.name if entry else name,
        phone=entry.phone if entry else office.place.phone(7000 + since),
        since=office.today(-since),
        added_by_id=by,
        added_at=office.moment(-since, 11),
        **ended,
    )


def _midwife(office: Office, script: str) -> None:
    """The midwife to whom the file is open stands in the circle too."""
    grant = FamilyGrant.objects.filter(content_object=office.family(script), recipient=Recipient.LIBERAL_MIDWIFE)
    found = grant.order_by("pk").first()
    if found is None:
        return
    for member in office.team.of(Role.LIBERAL_MIDWIFE):
        if member.user_pk == found.user_id:
            office.put(
                CareCircleMember,
                family_id=office.family(script),
                member_id=member.pk,
                role=CircleRole.LIBERAL_MIDWIFE,
                why="Suit la mère à domicile",
                since=office.today(-20),
                added_by_id=office.member(Role.AP).pk,
                added_at=office.moment(-20, 11),
            )


def _inform(office: Office, script: str, answer: str) -> None:
    """The co-parent was told in his own words, and said for himself."""
    coparent = CoParent.objects.filter(family=office.family(script)).order_by("pk").first()
    if coparent is None:
        return
    about = {"family_id": coparent.family_id, "coparent": coparent}
    by, at = office.member(Role.AP).pk, office.moment(-5, 15)
    office.put(InformationNotice, **about, version=COPARENT_NOTICE, form=NoticeForm.GIVEN, given_at=at, given_by_id=by)
    if answer:
        is_safe = answer == Agreement.YES
        office.put(CoParentConsent, **about, answer=answer, is_safe=is_safe, at=at, collected_by_id=by)


def _after_refusals(office: Office) -> None:
    """Two mothers who refused CoPa: one agrees that the PMI calls her, about the other somebody worries (A17)."""
    refused = Proposal.objects.filter(answer="NO", birth__is_silent=False, family__commune__sector__isnull=False)
    found = list(refused.select_related("birth__family__commune__sector").order_by("-birth__at", "-pk")[:2])
    for rank, proposal in enumerate(found):
        if rank == 0:
            _transmit(office, proposal.birth, PmiBasis.MOTHER_AGREES, "", None)
        else:
            _transmit(office, proposal.birth, PmiBasis.CONCERN, WORRY, _concern(office, proposal.birth))


WORRY = "Bébé seul dans la voiture deux fois, vu par l’équipe sur le parking."


def _concern(office: Office, birth: Birth) -> Concern:
    return office.put(
        Concern,
        family_id=birth.family_id,
        birth=birth,
        noticed_on=office.today(-2),
        source=ConcernSource.SEEN,
        level=ConcernLevel.RISK,
        facts=WORRY,
        are_parents_told=True,
        sent_to=office.entries["CRIP"].name,
        entry=office.entries["CRIP"],
        sent_on=office.today(-1),
        written_by_id=office.member(Role.REFERRING_TEAM).pk,
        written_at=office.moment(-1, 9),
    )


def _transmit(office: Office, birth: Birth, basis: PmiBasis, facts: str, concern: Concern | None) -> None:
    assert birth.family.commune is not None
    assert birth.family.commune.sector is not None
    office.put(
        PmiTransmission,
        family_id=birth.family_id,
        birth=birth,
        structure_id=birth.family.commune.sector.structure_id,
        basis=basis,
        facts=facts,
        are_parents_told=True,
        concern=concern,
        sent_by_id=office.member(Role.REFERRING_TEAM).pk,
        sent_at=office.moment(-1, 10),
    )
