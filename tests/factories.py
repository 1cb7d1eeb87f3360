"""Rows for tests, written straight into the territory in scope: plain keyword functions, defaults from the cast.

Each takes what the test is about and makes the rest. `who("amal")` is a member of the territory in scope.
Any other column may be given by name.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from copa.kernel import clock
from copa.kernel.french import normalised
from pathways.actions.adhesion_scans import keep_scan
from pathways.actions.deaths import note_death
from pathways.actions.shared import end_of_day, store_words
from pathways.actions.transfers import Agreed as AgreedTransfer
from pathways.actions.transfers import offer_transfer
from pathways.enums import (
    SIGN_KINDS,
    Agreement,
    AlertKind,
    Attendance,
    BirthMode,
    CircleRole,
    ConsentMode,
    ConsentPlace,
    DecisionKind,
    GrantReason,
    MeetingCause,
    Parity,
    PathwayState,
    ProposalAnswer,
    ProposalContext,
    Recipient,
    Sex,
)
from pathways.models import (
    RECIPIENT_OF_ROLE,
    AdhesionScan,
    Alert,
    Birth,
    CareCircleMember,
    CarriedReport,
    Child,
    Concern,
    Consent,
    CoParent,
    Death,
    Decision,
    Discharge,
    EarlyCall,
    EarlyCallPerson,
    Family,
    FamilyGrant,
    FamilyTransfer,
    MeetingItem,
    MeetingParticipant,
    Mother,
    Need,
    Orientation,
    Pathway,
    PmiRelay,
    PmiTransmission,
    Presentation,
    ProgrammeRules,
    Proposal,
    ReceivedFile,
    RecipientConsent,
    Sending,
    StaffMeeting,
    TeamMeeting,
    TeamMeetingAttendee,
)
from pathways.rules import pmi_last_day, relay_due_on, visit_window
from territories.actions.committees import note_committee
from territories.actions.files import Sent
from territories.actions.partnerships import Agreed, write_partnership
from territories.actions.protocols import Published, publish_protocol
from territories.actions.training import note_training
from territories.catalogue import NEEDS
from territories.enums import DutyPlace, StructureKind
from territories.models import (
    Committee,
    Commune,
    DirectoryEntry,
    DutyShift,
    GroupEvent,
    GroupEventDate,
    Member,
    Partnership,
    Protocol,
    Region,
    Structure,
    Territory,
    Training,
    User,
)
from visits.enums import VisitKind, VisitState
from visits.models import Delivery, Deviation, Report, ReportForm, Visit
from visits.rules import report_due_at

_counter = iter(range(1, 10_000_000))


def who(name: str) -> Member:
    """The member of the cast with this first name in the territory in scope."""
    return Member.objects.select_related("user", "structure", "territory").get(user__email=f"{name}@copa.example")


def structure(name: str = "") -> Structure:
    """The structure of this name, or the first maternity of the territory (Saint-Rémi in the valleys)."""
    if name:
        return Structure.objects.get(name=name)
    return Structure.objects.filter(kind=StructureKind.MATERNITY).order_by("-name").first()


def commune(name: str = "") -> Commune:
    """The commune of this name, or the first one with a PMI sector."""
    if name:
        return Commune.objects.select_related("sector").get(name=name)
    return Commune.objects.select_related("sector").exclude(sector=None).order_by("code").first()


def _territory() -> Territory:
    return Member.objects.select_related("territory").order_by("pk").first().territory


def make_shift(
    member: Member | None = None,
    place: int = DutyPlace.FIRST,
    *,
    starts_in: timedelta = timedelta(hours=-1),
    hours: float = 24,
    at: datetime | None = None,
    **fields: Any,
) -> DutyShift:
    """Farid of the referring team on duty at his structure: since one hour ago, for a day."""
    member = member or who("farid")
    starts_at = (at or clock.now()) + starts_in
    values = {"structure": member.structure or structure()} | fields
    return DutyShift.objects.create(
        member=member, place=place, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **values
    )


def make_family(
    *,
    name: str = "",
    first_names: str = "Samira",
    mother: dict[str, Any] | None = None,
    coparents: int = 1,
    **fields: Any,
) -> Family:
    """A family of Saint-Rémi in Ligny-le-Haut, with its mother; each call another name."""
    number = next(_counter)
    name = name or f"Haddad{number}"
    values = {
        "reference": f"T-{number}",
        "address": "6 rue des Tanneurs",
        "created_at": clock.now(),
        "may_sms": True,
    } | fields
    values.setdefault("maternity", structure())
    values.setdefault("commune", commune())
    family = Family.objects.create(**values)
    about = {"birth_name": name, "first_names": first_names, "birth_on": "1994-05-17", "phone": "+33199003107"}
    Mother.objects.create(family=family, **(about | (mother or {})))
    for rank in range(coparents):
        CoParent.objects.create(family=family, first_names="Julien", name=f"{name}{rank or ''}", phone="+33199003108")
    store_words(family_id=family.pk)
    return family


def make_birth(
    family: Family | None = None, *, days_ago: int = 3, at: datetime | None = None, children: int = 1, **fields: Any
) -> Birth:
    """A birth `days_ago` days before now (or at `at`), with its children; of a new family unless one is given."""
    family = family or make_family()
    at = at or clock.now() - timedelta(days=days_ago)
    values = {
        "maternity_id": family.maternity_id,
        "at": at,
        "day": clock.local_date(at, _territory().time_zone),
        "mode": BirthMode.VAGINAL,
        "term_weeks": 39,
        "parity": Parity.FIRST,
    } | fields
    birth = Birth.objects.create(family=family, **values)
    for rank in range(1, children + 1):
        Child.objects.create(
            family=family, birth=birth, rank=rank, first_name=f"Noé{rank}", sex=Sex.MALE, birth_weight_g=3200
        )
    store_words(family_id=family.pk)
    return birth


def make_discharge(
    birth: Birth | None = None, *, hours: float = 80, by: Member | None = None, **fields: Any
) -> Discharge:
    """A standard discharge, `hours` elapsed hours after the birth."""
    birth = birth or make_birth()
    values = {
        "at": birth.at + timedelta(hours=hours),
        "kind": "STANDARD",
        "decided_by": "Dr Lefort",
        "recorded_at": clock.now(),
    } | fields
    return Discharge.objects.create(
        birth=birth, family_id=birth.family_id, recorded_by=by or who_of_team(birth), **values
    )


def who_of_team(birth: Birth) -> Member:
    """Somebody who may collect and record at the maternity of this birth: Élise, or the coordinator of the place."""
    return Member.objects.filter(role="coordinator").order_by("pk").first()


def make_proposal(
    birth: Birth | None = None, *, answer: str = ProposalAnswer.YES, by: Member | None = None, **fields: Any
) -> Proposal:
    """CoPa presented during the stay, answered yes unless told otherwise."""
    birth = birth or make_birth()
    values = {
        "proposed_on": birth.day,
        "context": ProposalContext.STAY,
        "answered_at": None if answer == ProposalAnswer.PENDING else birth.at + timedelta(hours=20),
    } | fields
    return Proposal.objects.create(
        birth=birth, family_id=birth.family_id, answer=answer, proposed_by=by or who_of_team(birth), **values
    )


def make_consent(birth: Birth | None = None, *, by: Member | None = None, **fields: Any) -> Consent:
    """The adhesion of a birth, collected in the room."""
    birth = birth or make_birth()
    by = by or who_of_team(birth)
    values = {
        "at": birth.at + timedelta(hours=21),
        "collector_role": by.role,
        "place": ConsentPlace.ROOM,
        "mode": ConsentMode.SCREEN,
        "text_version": "adhesion-2026.1-fr",
        "notice_version": "notice-2026.1-fr",
    } | fields
    return Consent.objects.create(birth=birth, family_id=birth.family_id, collected_by=by, **values)


def make_agreement(family: Family, recipient: str, answer: str = Agreement.YES) -> RecipientConsent:
    """The mother's answer for one recipient."""
    by = Member.objects.filter(role="coordinator").order_by("pk").first()
    return RecipientConsent.objects.create(
        family=family, recipient=recipient, answer=answer, at=clock.now(), collected_by=by
    )


def make_pathway(
    birth: Birth | None = None,
    *,
    ap: Member | None = None,
    carrier: Structure | None = None,
    agreed_pmi: bool = True,
    agreed_midwife: bool = True,
    days_ago: int = 3,
    **fields: Any,
) -> Pathway:
    """An included birth under the v2 rules: proposal, adhesion, agreements, pathway and PMI relay.

    `carrier` is the AP's structure, else the maternity of the birth. `ap=None` leaves her to be named.
    """
    birth = birth or make_birth(days_ago=days_ago)
    if not Proposal.objects.filter(birth=birth).exists():
        make_proposal(birth)
    rules = fields.pop("rules", None) or ProgrammeRules.objects.get(code="v2")
    window = visit_window(birth.day, rules.window_from_day, rules.window_to_day)
    consent = fields.pop("consent", None) or make_consent(birth)
    values = {
        "carrier": carrier or (ap.structure if ap else birth.maternity),
        "included_at": birth.at + timedelta(hours=22),
        "included_by": consent.collected_by,
        "window_from": window.first,
        "window_to": window.last,
        "is_pmi_presented": True,
    } | fields
    if values.get("state") == PathwayState.CLOSED:
        values = {"closed_at": clock.now(), "closing_reason": "COMPLETE"} | values
    pathway = Pathway.objects.create(
        birth=birth, family_id=birth.family_id, consent=consent, rules=rules, ap=ap, **values
    )
    _make_wishes(birth.family, {Recipient.PMI: agreed_pmi, Recipient.LIBERAL_MIDWIFE: agreed_midwife})
    _make_relay(pathway, is_agreed=agreed_pmi)
    return pathway


def _make_relay(pathway: Pathway, *, is_agreed: bool) -> None:
    """The relay that an inclusion makes."""
    commune = pathway.family.commune
    PmiRelay.objects.create(
        family=pathway.family,
        pathway=pathway,
        sector=commune.sector if commune else None,
        due_on=relay_due_on(pathway.birth.day, pathway.rules.relay_day),
        is_agreed=is_agreed,
        ends_at=end_of_day(pmi_last_day(pathway.birth.day)),
    )


def _make_wishes(family: Family, wishes: dict[Recipient, bool]) -> None:
    """The mother's answer for each recipient that has none yet."""
    for recipient, agreed in wishes.items():
        if not RecipientConsent.objects.filter(family=family, recipient=recipient).exists():
            make_agreement(family, recipient, Agreement.YES if agreed else Agreement.NO)


def make_relay(pathway: Pathway | None = None, **fields: Any) -> PmiRelay:
    """The relay that came with a pathway, with these columns changed."""
    pathway = pathway or make_pathway()
    PmiRelay.objects.filter(pathway=pathway).update(**fields)
    return PmiRelay.objects.get(pathway=pathway)


def make_visit(
    pathway: Pathway | None = None,
    kind: str = VisitKind.V1,
    state: str = VisitState.PLANNED,
    *,
    ap: Member | None = None,
    planned_at: datetime | None = None,
    ended_at: datetime | None = None,
    **fields: Any,
) -> Visit:
    """A visit of the pathway's AP (Amal when it has none); an ended one lasted 75 minutes and has its deadline."""
    pathway = pathway or make_pathway(ap=who("amal"))
    values: dict[str, Any] = {"planned_minutes": 75}
    if state == VisitState.ENDED:
        ended_at = ended_at or clock.now() - timedelta(hours=1)
        values |= {"started_at": ended_at - timedelta(minutes=75), "ended_at": ended_at}
        values |= {"report_due_at": report_due_at(ended_at)}
    elif state == VisitState.STARTED:
        values |= {"started_at": clock.now() - timedelta(minutes=30)}
    elif state == VisitState.NOT_DONE:
        values |= {"not_done_reason": "ABSENT"}
    if kind == VisitKind.V3:
        values["motive"] = "PARENTS_REQUEST"
    values["planned_at"] = planned_at or values.get("started_at") or _later_today(pathway.territory.time_zone)
    ap = ap or pathway.ap or who("amal")
    return Visit.objects.create(
        pathway=pathway, family_id=pathway.family_id, kind=kind, state=state, ap=ap, **(values | fields)
    )


def _later_today(zone: str) -> datetime:
    """In two hours, or as the day ends: at ten at night a visit "in two hours" would be tomorrow's."""
    now = clock.now()
    _, midnight = clock.day_bounds(clock.local_date(now, zone), zone)
    return min(now + timedelta(hours=2), midnight - timedelta(minutes=1))


def _report_form() -> ReportForm:
    form = ReportForm.objects.order_by("-valid_from", "-pk").first()
    return form or ReportForm.objects.create(
        code="copa-visite",
        version="test",
        definition={"resourceType": "Questionnaire", "status": "active", "item": []},
        valid_from=clock.now(),
    )


def make_report(
    visit: Visit | None = None,
    *,
    signed: bool = True,
    delivered_at: datetime | None = None,
    opened_at: datetime | None = None,
    **fields: Any,
) -> Report:
    """The report of an ended visit, written by its AP; `delivered_at` puts it into the referring team's inbox."""
    visit = visit or make_visit(state=VisitState.ENDED)
    at = visit.ended_at or clock.now()
    values = {
        "form": _report_form(),
        "author": visit.ap,
        "saved_at": at,
        "state": "signed" if signed else "draft",
        "signed_at": at + timedelta(minutes=20) if signed else None,
    } | fields
    report = Report.objects.create(visit=visit, family_id=visit.family_id, **values)
    if delivered_at:
        Visit.objects.filter(pk=visit.pk).update(report_delivered_at=delivered_at)
        visit.report_delivered_at = delivered_at
        make_delivery(report, delivered_at=delivered_at, opened_at=opened_at)
    return report


def make_delivery(report: Report, *, delivered_at: datetime | None = None, **fields: Any) -> Delivery:
    """The delivery of a signed report to the referring team; queued unless `delivered_at` is given."""
    carrier = Pathway.objects.get(pk=report.visit.pathway_id).carrier
    values: dict[str, Any] = {
        "structure": carrier,
        "dedup_key": f"report:{report.public_id}:{carrier.public_id}",
        "next_attempt_at": report.saved_at,
    }
    if delivered_at:
        values |= {"delivered_at": delivered_at, "sent_at": delivered_at, "state": "sent", "attempts": 1}
    if fields.get("opened_at"):
        fields.setdefault("opened_by", who("farid"))
    return Delivery.objects.create(report=report, family_id=report.family_id, **(values | fields))


def make_alert(pathway: Pathway | None = None, kind: str = AlertKind.CHILD_SIGN, **fields: Any) -> Alert:
    """An open alert about a family, raised now by the pathway's AP."""
    pathway = pathway or make_pathway(ap=who("amal"))
    values = {
        "subject_id": uuid4(),
        "code": "PALE",
        "facts": "Pâleur vue au domicile.",
        "raised_at": clock.now(),
        "raised_by": pathway.ap,
    } | fields
    if values.get("acknowledged_by") and "instructed_by" not in values and kind in SIGN_KINDS:
        # Taken with what the auxiliary does, as by the page that says both.
        values |= {"instructed_by": values["acknowledged_by"], "instructed_at": values["acknowledged_at"]}
    return Alert.objects.create(pathway=pathway, family_id=pathway.family_id, kind=kind, **values)


def make_death(
    birth: Birth, child: Child | None = None, *, by: Member | None = None, is_confirmed: bool = True
) -> Death:
    """The death of a child, or of the mother when there is none, noted by Farid of the referring team."""
    return note_death(birth=birth, child=child, by=by or who("farid"), at=clock.now(), is_confirmed=is_confirmed)


def make_concern(birth: Birth, **fields: Any) -> Concern:
    """An information préoccupante that Farid wrote today."""
    at = clock.now()
    today = clock.local_date(at, "Europe/Paris")
    values = {
        "noticed_on": today,
        "source": "SEEN",
        "level": "RISK",
        "facts": "Faits protégés.",
        "are_parents_told": True,
        "sent_to": "CRIP",
        "sent_on": today,
        "written_by": who("farid"),
        "written_at": at,
    } | fields
    return Concern.objects.create(family_id=birth.family_id, birth=birth, **values)


def make_transmission(birth: Birth, **fields: Any) -> PmiTransmission:
    """What the PMI of Ligny was told with the mother's agreement."""
    values = {
        "structure": structure("PMI de Ligny"),
        "basis": "MOTHER_AGREES",
        "are_parents_told": True,
        "sent_by": who("farid"),
        "sent_at": clock.now(),
    } | fields
    return PmiTransmission.objects.create(family_id=birth.family_id, birth=birth, **values)


def make_sending(pathway: Pathway, recipient: str, **fields: Any) -> Sending:
    """Something that left for a recipient; `message` of one that still waits, or was held back."""
    known = {"family": pathway.family, "pathway": pathway, "recipient": recipient, "at": clock.now()}
    return Sending.objects.create(**{**known, **fields})


def make_circle_member(family: Family, *, member: Member | None = None, **fields: Any) -> CareCircleMember:
    """Somebody who has followed the family for two days: of the platform, or Dr Simon by name."""
    at = clock.now()
    values = {
        "role": CircleRole.LIBERAL_MIDWIFE if member else CircleRole.GENERAL_PRACTITIONER,
        "name": "" if member else fields["entry"].name if "entry" in fields else "Dr Simon",
        "since": clock.local_date(at, "Europe/Paris") - timedelta(days=2),
        "added_by": who("elise"),
        "added_at": at,
    } | fields
    return CareCircleMember.objects.create(family=family, member=member, **values)


def make_grant(family: Family, *, to: Member, by: Member | None = None, days: int = 30, **fields: Any) -> FamilyGrant:
    """The family opened to one professional for `days` days."""
    values = {
        "reason": GrantReason.LIBERAL_MIDWIFE,
        "recipient": RECIPIENT_OF_ROLE.get(to.role, Recipient.GENERAL_PRACTITIONER),
        "granted_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=days),
    } | fields
    return FamilyGrant.objects.create(
        user=to.user,
        permission=Permission.objects.get(content_type__app_label="pathways", codename="view_family"),
        content_object=family,
        granted_by=by or Member.objects.filter(role="coordinator").order_by("pk").first(),
        **values,
    )


def make_entry(type: str = "LAEP", **fields: Any) -> DirectoryEntry:  # noqa: A002 - the column's own name
    """A resource of the directory in service since last year, checked a month ago; each call another name."""
    today = clock.local_date(clock.now(), _territory().time_zone)
    values = {
        "name": f"Service {next(_counter)}",
        "phone": "+33199001248",
        "email": "accueil@service.example",
        "valid_from": today - timedelta(days=365),
        "reviewed_on": today - timedelta(days=30),
        "reviewed_by": Member.objects.filter(role="coordinator").order_by("pk").first(),
        "visibility": "PRO",
        "capacity_on": today if fields.get("capacity_now", "unknown") != "unknown" else None,
    } | fields
    return DirectoryEntry.objects.create(type=type, search=normalised(values["name"]), **values)


def make_event(
    *, days: Sequence[int] = (7,), hour: int = 14, entry: DirectoryEntry | None = None, **fields: Any
) -> GroupEvent:
    """A group open to all, at Saint-Rémi, from 14 h to 16 h so many days from today; each call another name."""
    zone = ZoneInfo(_territory().time_zone)
    today = clock.local_date(clock.now(), zone.key)
    values = {
        "kind": "group",
        "name": f"Groupe {next(_counter)}",
        "commune": commune() if entry is None else None,
        "address": "2 rue des Lilas",
        "audiences": ["M", "C"],
        "registration": "free",
        "visibility": "PUB",
        "written_by": Member.objects.filter(role="coordinator").order_by("pk").first(),
        "written_at": clock.now(),
    } | fields
    event = GroupEvent.objects.create(entry=entry, **values)
    for ahead in days:
        starts_at = datetime.combine(today + timedelta(days=ahead), time(hour), zone)
        GroupEventDate.objects.create(event=event, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    return event


def make_team_meeting(*, days_ago: int = 7, by: Member | None = None, **fields: Any) -> TeamMeeting:
    """A meeting of Farid's team with its auxiliaries, Amal among them."""
    author, at = by or who("farid"), clock.now()
    day = clock.local_date(at, _territory().time_zone) - timedelta(days=days_ago)
    values = {"structure_id": author.structure_id, "held_on": day, "topics": "Les pesées à domicile."} | fields
    meeting = TeamMeeting.objects.create(noted_by=author, noted_at=at, **values)
    TeamMeetingAttendee.objects.create(meeting=meeting, member=who("amal"))
    return meeting


A_PDF = b"%PDF-1.7\nsynthetic"


def make_convention(*structures: str, days_ago: int = 30, days: int | None = 365, **fields: Any) -> Partnership:
    """The CPP of Brécourt with Saint-Rémi, since a month and for eleven more (`days` None: without an end)."""
    today = clock.local_date(clock.now(), _territory().time_zone)
    starts_on = today - timedelta(days=days_ago)
    values = {
        "kind": "convention",
        "title": "Convention de partenariat",
        "scope": "Visites à domicile après la naissance",
        "inclusion_procedure": "La maternité présente CoPa en chambre",
        "other_parties": "",
        "has_ars_support": False,
        "signed_on": starts_on,
        "signed_by": "Les deux directions",
        "starts_on": starts_on,
        "ends_on": None if days is None else starts_on + timedelta(days=days),
        "document": Sent("convention.pdf", A_PDF),
    }
    parties = [structure(name) for name in structures or ("CPP de Brécourt", "Maternité Saint-Rémi")]
    agreed = Agreed(**values | fields, structures=parties)
    return write_partnership(agreed=agreed, by=who("elise"), at=clock.now())


def make_committee(region: str | None = "44", *, days_ago: int = 7, by: str = "elise", **fields: Any) -> Committee:
    """The committee of Grand Est met a week ago; `region` None for the national one."""
    today = clock.local_date(clock.now(), "Europe/Paris")
    values = {"held_on": today - timedelta(days=days_ago), "participants": "L’ARS, les équipes", "minutes": "Un bilan"}
    place = Region.objects.get(code=region) if region else None
    user = User.objects.get(email=f"{by}@copa.example")
    return note_committee(region=place, by=user, today=today, at=clock.now(), **values | fields)


def make_protocol(title: str = "Transmission des comptes rendus", *, days_ago: int = 30, **fields: Any) -> Protocol:
    """A protocol with its first version, in words and as a PDF."""
    today = clock.local_date(clock.now(), _territory().time_zone)
    values = {"valid_from": today - timedelta(days=days_ago), "words": "Le compte rendu part le jour même."}
    published = Published(**values | {"document": Sent("protocole.pdf", A_PDF)} | fields)
    return publish_protocol(title=title, published=published, by=who("elise"), at=clock.now())


def make_training(member: Member | None = None, module: str = "risk_management", **fields: Any) -> Training:
    """Amal followed a module a month ago."""
    today = clock.local_date(clock.now(), _territory().time_zone)
    values = {"words": "", "done_on": today - timedelta(days=30), "by": who("elise"), "at": clock.now()}
    return note_training(member=member or who("amal"), module=module, **values | fields)


def make_meeting(
    *,
    structure: Structure | None = None,
    by: Member | None = None,
    present: tuple[Member, ...] = (),
    invited: tuple[Member, ...] = (),
    is_validated: bool = False,
    **fields: Any,
) -> StaffMeeting:
    """A meeting of Saint-Rémi held yesterday, prepared by Élise; `present` were there, `invited` are only asked."""
    by = by or who("elise")
    values: dict[str, Any] = {"planned_at": clock.now() - timedelta(days=1), "convened_at": clock.now()} | fields
    if is_validated:
        values |= {"closed_at": clock.now(), "closed_by": by}
    meeting = StaffMeeting.objects.create(structure=structure or by.structure, convened_by=by, **values)
    for member in present:
        MeetingParticipant.objects.create(meeting=meeting, member=member, presence=Attendance.PRESENT)
    for member in invited:
        MeetingParticipant.objects.create(meeting=meeting, member=member)
    return meeting


def make_meeting_item(meeting: StaffMeeting, family: Family, **fields: Any) -> MeetingItem:
    """A family on the agenda, put there by whoever prepared the meeting."""
    pathway = Pathway.objects.filter(family=family).order_by("-included_at", "-pk").first()
    values: dict[str, Any] = {
        "cause": MeetingCause.TEAM,
        "pathway": pathway,
        "added_by": meeting.convened_by,
        "added_at": clock.now(),
    } | fields
    return MeetingItem.objects.create(meeting=meeting, family=family, **values)


def make_decision(item: MeetingItem, *, owner: Member | None = None, days: int = 7, **fields: Any) -> Decision:
    """A call to the family, for Amal within a week."""
    values: dict[str, Any] = {
        "kind": DecisionKind.CALL,
        "owner": owner or who("amal"),
        "due_on": clock.local_date(clock.now(), _territory().time_zone) + timedelta(days=days),
    } | fields
    return Decision.objects.create(item=item, family_id=item.family_id, **values)


def make_need(
    pathway: Pathway | None = None,
    code: str = "PERINEUM",
    *,
    about: str = "MOTHER",
    by: Member | None = None,
    **fields: Any,
) -> Need:
    """A need spotted now by the pathway's AP, outside a visit."""
    pathway = pathway or make_pathway(ap=who("amal"))
    at = fields.pop("spotted_at", None) or clock.now()
    values = {"state": "OPEN", "state_at": at, "source": "FREE", "spotted_by": by or pathway.ap or who("amal")} | fields
    return Need.objects.create(
        pathway=pathway,
        family_id=pathway.family_id,
        code=code,
        category=NEEDS[code].category,
        about=about,
        spotted_at=at,
        **values,
    )


def make_orientation(
    need: Need | None = None, *, entry: DirectoryEntry | None = None, target_type: str = "REHAB", **fields: Any
) -> Orientation:
    """A request of the AP, agreed by the mother; decided, sent or answered as far as its `state` says."""
    need = need or make_need()
    at = clock.now()
    values: dict[str, Any] = {"proposed_at": at, "proposed_by": need.spotted_by, "agreement": "YES"} | fields
    values |= {"agreed_at": values["proposed_at"], "agreed_by": need.spotted_by}
    state = values.get("state", "PROPOSED")
    if state not in {"PROPOSED", "GIVEN"}:
        values = {"decided_at": values["proposed_at"], "decided_by": who("farid")} | values
    if state in {"SENT", "SEEN", "NOT_COME", "CANNOT_TAKE"}:
        values = {"sent_at": values["proposed_at"], "sent_by": who("farid"), "sent_how": "PHONE"} | values
    if state == "SEEN":
        values = {"first_contact_on": at.date(), "confirmed_by": "PROFESSIONAL", "confirmed_at": at} | values
    return Orientation.objects.create(
        need=need,
        family_id=need.family_id,
        pathway_id=need.pathway_id,
        target_type=entry.type if entry else target_type,
        entry=entry,
        **values,
    )


def make_transfer(
    pathway: Pathway, *, to: str = "lagon", by: Member | None = None, coparents: dict[UUID, str] | None = None
) -> FamilyTransfer:
    """The family offered to another territory with everything the mother may send along."""
    covers = ["VISITS", "CALENDAR", "NEEDS", "CIRCLE", "REPORTS"]
    agreed = AgreedTransfer(
        covers=covers, on=pathway.birth.day, mode="ORAL", needs="Un lit pour le bébé.", coparents=coparents or {}
    )
    return offer_transfer(
        pathway=pathway, to=Territory.objects.get(slug=to), agreed=agreed, by=by or who("farid"), at=clock.now()
    )


def make_carried(pathway: Pathway, **fields: Any) -> ReceivedFile:
    """A file that came from the lagoon, with what was written there of its first visit by Dora."""
    there = Territory.objects.get(slug="lagon")
    received = ReceivedFile.objects.create(
        family_id=pathway.family_id, birth=pathway.birth, from_territory=there, received_at=clock.now()
    )
    line = {"label": "Que boit-il", "text": "Lait maternel", "for": "ELMGP"}
    alone = {"label": "Pour l’équipe", "text": "Appeler le soir", "for": "E"}
    values: dict[str, Any] = {
        "written_in": there.name,
        "kind": "V1",
        "on": pathway.birth.day + timedelta(days=2),
        "author": "Dora Martin",
        "author_role": "ap",
        "form": "copa-visit-report 2026.1",
        "blocks": [{"code": "child", "number": 5, "title": "L’enfant", "lines": [line, alone]}],
    } | fields
    CarriedReport.objects.create(family_id=pathway.family_id, received=received, **values)
    return received


def make_adhesion_scan(pathway: Pathway, content: bytes = b"%PDF-1.4 feuille") -> AdhesionScan:
    """The sheet of its adhesion, signed on paper, kept by Farid."""
    Consent.objects.filter(pk=pathway.consent_id).update(mode=ConsentMode.PAPER)
    return keep_scan(
        consent=Consent.objects.get(pk=pathway.consent_id),
        sent=Sent(name="adhesion.pdf", content=content),
        by=who("farid"),
        at=clock.now(),
    )


def make_early_call(pathway: Pathway, *, called: tuple[Member, ...] = (), **fields: Any) -> EarlyCall:
    """An early visit wanted today or tomorrow, for which these auxiliaries were called now."""
    today = clock.local_date(clock.now(), _territory().time_zone)
    values: dict[str, Any] = {
        "first_day": today,
        "last_day": today + timedelta(days=1),
        "called_at": clock.now(),
    } | fields
    call = EarlyCall.objects.create(birth_id=pathway.birth_id, family_id=pathway.family_id, pathway=pathway, **values)
    for member in called:
        EarlyCallPerson.objects.create(call=call, family_id=call.family_id, member=member, called_at=call.called_at)
    return call


def make_presentation(*, by: Member | None = None, **fields: Any) -> Presentation:
    """CoPa presented at the EPP to a woman due in ten days at Saint-Rémi, who said yes."""
    number = next(_counter)
    today = clock.local_date(clock.now(), _territory().time_zone)
    values = {
        "birth_name": f"Moreau{number}",
        "first_names": "Lucie",
        "birth_on": today.replace(year=1995, day=1),
        "expected_on": today + timedelta(days=10),
        "maternity": structure(),
        "context": ProposalContext.EPP,
        "presented_on": today - timedelta(days=60),
        "covered": ["COPA", "SFL", "PMI", "SCENARIOS"],
        "support": "LEAFLET",
        "answer": ProposalAnswer.YES,
        "answered_at": clock.now(),
    } | fields
    if values["answer"] == ProposalAnswer.PENDING:
        values["answered_at"] = None
    return Presentation.objects.create(presented_by=by or who("elise"), **values)


def make_deviation(visit: Visit | None = None, kind: str = "DURATION", **fields: Any) -> Deviation:
    """A visit of Amal that lasted 30 minutes instead of 45 to 110; a missing visit hangs on the pathway alone."""
    pathway = fields.pop("pathway", None) or (visit.pathway if visit else make_pathway(ap=who("amal"), days_ago=9))
    is_missing = kind.endswith("_VISIT")
    if visit is None and not is_missing:
        visit = make_visit(pathway, state=VisitState.ENDED)
    values: dict[str, Any] = {"on": clock.local_date(clock.now(), "Europe/Paris"), "detected_at": clock.now()}
    if kind == "DURATION":
        values |= {"minutes": 30, "least": 45, "most": 110}
    elif kind == "WINDOW" or is_missing:
        values |= {"first_day": pathway.window_from, "last_day": pathway.window_to}
    if fields.get("reason"):
        values |= {"source": "tap", "coded_at": clock.now(), "coded_by": pathway.ap}
    return Deviation.objects.create(
        family_id=pathway.family_id,
        pathway=pathway,
        visit=None if is_missing else visit,
        kind=kind,
        **(values | fields),
    )
