"""One family and everything around it, for the tables that ask every address as every person."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from copa.kernel import clock
from messaging.actions.accounts import open_account
from messaging.enums import AccessWay
from messaging.models import Conversation
from pathways.actions import epds, handings, stops, suggestions
from pathways.actions.observations import note_observation
from pathways.enums import PathwayState, WithdrawalReach
from pathways.models import AlertReader, CoParent, Family, MeetingAnnex, PmiRelay, Suggestion
from reporting.models import ExportRun
from territories.models import GroupEventDate, Member, ProtocolVersion
from tests import births_lists, community, factories
from tests.cast import Person
from tests.pathways import screening
from visits.actions.copies import copy_report
from visits.enums import VisitState
from visits.models import ReportCopy, SealedAnswers, Visit


def _meetings(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A meeting to be written, to which Gaëlle is invited, and a validated one at which Nora was."""
    family = rows["family"]
    elise, farid, nora = (cast[name].member for name in ("elise", "farid", "nora"))
    meeting = factories.make_meeting(present=(elise,), invited=(cast["gaelle"].member,))
    draft = factories.make_meeting_item(meeting, family)
    held = factories.make_meeting(present=(elise, farid, nora), is_validated=True)
    item = factories.make_meeting_item(held, family, family_words="Elle souhaite un appel.")
    MeetingAnnex.objects.create(item=item, family=family, text="Scellé.", written_by=farid, written_at=clock.now())
    return {
        "meeting": meeting,
        "draft_item": draft,
        "draft_decision": factories.make_decision(draft),
        "minutes_item": item,
        "decision": factories.make_decision(item, owner=cast["amal"].member),
    }


# What a subject adds to the family: it takes the rows made so far and the cast, and gives its own rows by name.
Part = Callable[[dict[str, Any], dict[str, Person]], dict[str, Any]]


def _directory(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A resource of the directory, and a group of parents with a date to come."""
    event = factories.make_event()
    return {
        "entry": factories.make_entry(),
        "event": event,
        "event_date": GroupEventDate.objects.get(event=event),
    }


def _roster(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A shift of Farid at Saint-Rémi, to come."""
    shift = factories.make_shift(cast["farid"].member, starts_in=timedelta(days=1))
    return {"shift": shift, "structure": shift.structure}


def _team_meeting(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """Farid met the auxiliaries of Saint-Rémi a week ago."""
    return {"team_meeting": factories.make_team_meeting()}


def _screening(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """An EPDS of Amal with a correction that waits, a suggestion, an observation for the team."""
    at, amal = clock.now(), cast["amal"].member
    scale = screening.fill_epds(rows["pathway"], by="amal")
    correction = epds.ask_correction(screening=scale, item="i02", value=0, reason="recopie", by=amal, at=at)
    suggestions.ask_third_visit(pathway=rows["pathway"], is_of_parents=True, note="", by=amal, at=at)
    observation = note_observation(
        family=rows["family"],
        domain="V9",
        fact="La tante passe chaque soir.",
        recipients=["team"],
        source="visit",
        author=amal,
        at=at,
        recorded_at=at,
    )
    suggestion = Suggestion.objects.get(family=rows["family"])
    return {"scale": scale, "correction": correction, "suggestion": suggestion, "observation": observation}


def _needs(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A need of the mother with a request, and a sealed one."""
    need = factories.make_need(rows["pathway"])
    return {
        "need": need,
        "orientation": factories.make_orientation(need),
        "sealed_need": factories.make_need(rows["pathway"], "VIOLENCE_SEALED", by=cast["farid"].member),
    }


def _withdrawn(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A former pathway of the family that Élise noted as withdrawn today."""
    pathway = factories.make_pathway(factories.make_birth(rows["family"], days_ago=800), ap=cast["amal"].member)
    stops.withdraw_pathway(pathway=pathway, by=cast["elise"].member, at=clock.now())
    kept = factories.make_pathway(factories.make_birth(rows["family"], days_ago=2200), ap=cast["amal"].member)
    Family.objects.filter(pk=kept.family_id).update(may_space=True)
    reach = WithdrawalReach.VISITS_KEEP_SPACE
    stops.withdraw_pathway(pathway=kept, by=cast["elise"].member, at=clock.now(), reach=reach)
    return {"withdrawn": pathway, "space_kept": kept}


def _transfer(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """The family offered to the other territory, which has not answered."""
    return {"transfer": factories.make_transfer(rows["pathway"], by=cast["farid"].member)}


def _handed(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """Amal has the tablet back on which the mother said who may receive the reports."""
    at = clock.now()
    handing = handings.hand_agreements(family=rows["family"], pathway=rows["pathway"], by=cast["amal"].member, at=at)
    handings.keep_answer(handing=handing, item="PMI", value="YES", at=at)
    handings.give_back(handing=handing, at=at)
    return {"handing": handing}


def _early(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """An ultra-early discharge of an earlier birth of the family, for which Amal was called."""
    birth = factories.make_birth(rows["family"], days_ago=1500)
    pathway = factories.make_pathway(birth, ap=cast["amal"].member)
    return {"early": factories.make_early_call(pathway, called=(cast["amal"].member,))}


def _circle(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """Somebody in the circle of the family, and the co-parent."""
    return {
        "circle_member": factories.make_circle_member(rows["family"], member=cast["ines"].member),
        "coparent": CoParent.objects.get(family=rows["family"]),
        "adhesion_scan": factories.make_adhesion_scan(rows["pathway"]),
    }


def _deviation(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """The first visit of Amal was too short, and nobody has said why."""
    return {"deviation": factories.make_deviation(rows["done"])}


def _transmission(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """An information préoccupante about the family, and what its PMI was told on another basis."""
    return {
        "concern": factories.make_concern(rows["birth"]),
        "transmission": factories.make_transmission(rows["birth"]),
    }


def _copies(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """The delivered report as Inès, the PMI of Ligny and a doctor without an account received it."""
    entry = factories.make_entry("GP", name="Dr Lenoir", email="cabinet@docteur.example")
    factories.make_circle_member(rows["family"], entry=entry)
    factories.make_agreement(rows["family"], "GENERAL_PRACTITIONER")
    copy_report(report=rows["report"], at=clock.now())
    return {"copy": ReportCopy.objects.get(report=rows["report"], address=entry.email)}


def _alert_reader(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """Fanny is the doctor of the other maternity."""
    fanny = cast["fanny"].member
    reader = AlertReader.objects.create(
        structure=fanny.structure, member=fanny, named_by=cast["elise"].member, named_at=clock.now()
    )
    return {"alert_reader": reader}


def _taken_alert(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """Farid gave his name alone."""
    farid = cast["farid"].member
    taken = factories.make_alert(
        rows["pathway"], acknowledged_at=clock.now(), acknowledged_by=farid, instructed_at=None, instructed_by=None
    )
    return {"taken_alert": taken}


def _space(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """The space of the mother, opened by Amal, and its conversation, in which nothing is written yet."""
    Family.objects.filter(pk=rows["family"].pk).update(may_space=True)
    account = open_account(
        family=rows["family"],
        coparent=None,
        phone="+33199003107",
        is_hers_alone=True,
        way=AccessWay.PAPER,
        by=cast["amal"].member,
        at=clock.now(),
    )
    return {"account": account, "conversation": Conversation.objects.get(family=rows["family"])}


def _steering(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """The convention of the CPP with Saint-Rémi, with its document; a module of Bea, a protocol, a committee."""
    training = factories.make_training(cast["bea"].member)
    protocol = factories.make_protocol()
    return {
        "convention": factories.make_convention(),
        "training": training,
        "committee": factories.make_committee(),
        "protocol": protocol,
        "protocol_version": ProtocolVersion.objects.get(protocol=protocol),
    }


def _carried(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """What was written of a visit made in the other territory, from which the family came."""
    return {"received": factories.make_carried(rows["pathway"])}


PARTS: tuple[Part, ...] = (
    _steering,
    _taken_alert,
    _alert_reader,
    _directory,
    _roster,
    _team_meeting,
    births_lists.world,
    _screening,
    _meetings,
    _needs,
    _withdrawn,
    _transfer,
    _handed,
    _early,
    _circle,
    _transmission,
    _deviation,
    _copies,
    _carried,
    _space,
    community.world,
)


def build(cast: dict[str, Person]) -> dict[str, UUID]:
    """Public ids by name: a family of Saint-Rémi followed by Amal, agreed for the PMI of Ligny, opened to Inès."""
    at = clock.now()
    amal = cast["amal"].member
    pathway = factories.make_pathway(ap=amal, days_ago=9)
    factories.make_grant(pathway.family, to=cast["ines"].member)
    done = factories.make_visit(pathway, "V1", VisitState.ENDED, ended_at=at - timedelta(hours=30))
    report = factories.make_report(done, delivered_at=at - timedelta(hours=20))
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={})
    owed = factories.make_visit(pathway, "V2", VisitState.ENDED, ended_at=at - timedelta(hours=2))
    planned = factories.make_visit(
        pathway, "V3", planned_at=at + timedelta(hours=2), is_joint=True, partner_state="asked"
    )
    alert = factories.make_alert(pathway)
    given_up = _given_up(pathway.family, amal)
    rows: dict[str, Any] = {
        "family": pathway.family,
        "birth": pathway.birth,
        "pathway": pathway,
        "done": done,
        "owed": owed,
        "given_up": given_up,
        "planned": planned,
        "joint": planned,
        "member": cast["bea"].member,
        "pmi_doctor": cast["nora"].member,
        "export": _done_export(at),
        "report": report,
        "alert": alert,
        "relay": PmiRelay.objects.get(pathway=pathway),
    }
    for part in PARTS:
        rows |= part(rows, cast)
    return {name: row.public_id for name, row in rows.items()}


def _given_up(family: Family, ap: Member) -> Visit:
    """A visit of an earlier birth whose pathway was stopped while its report was being written."""
    stopped = factories.make_pathway(factories.make_birth(family, days_ago=400), ap=ap, state=PathwayState.WITHDRAWN)
    visit: Visit = factories.make_visit(stopped, "V1", VisitState.ENDED, ended_at=clock.now() - timedelta(days=390))
    Visit.objects.filter(pk=visit.pk).update(report_due_at=None)
    factories.make_report(visit, signed=False)
    return visit


def _done_export(at: datetime) -> ExportRun:
    """A finished export with its file."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "world.csv").write_text("territoire\n")
    files = {"csv_file": "world.csv", "csv_sha256": "0" * 64, "xlsx_file": "", "xlsx_sha256": "0" * 64}
    return ExportRun.objects.create(quarter_on=date(2026, 7, 1), requested_at=at, state="done", finished_at=at, **files)
