"""Before the pathways: presentations during a pregnancy, births without a proposal or a file, a list to look at."""

from datetime import timedelta

from copa.demo.care.base import Office
from pathways.enums import (
    Collector,
    ConsentMode,
    CoveredPoint,
    NoticeForm,
    NotProposedReason,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
    UnnamedReason,
)
from pathways.models import (
    AntenatalConsent,
    Birth,
    ImportFile,
    ImportProfile,
    ImportRun,
    Mother,
    NotProposed,
    Presentation,
    UnnamedBirths,
)
from pathways.rules.import_columns import proposed_columns, remembered_columns
from pathways.texts import ADHESION_VERSION
from territories.enums import Role

HEADINGS = (
    "Nom de naissance",
    "Prénoms",
    "Date de naissance",
    "Téléphone",
    "Date d’accouchement",
    "Heure",
    "Mode d’accouchement",
    "Parité",
    "Terme",
    "Prénom enfant",
    "Sexe",
    "Poids",
    "Adresse",
    "Code postal",
    "Commune",
)


def write_beginnings(office: Office) -> None:
    """Presentations, a birth without a proposal, a count without a name, and the list of this morning."""
    _presentations(office)
    birth = Birth.objects.get(family=office.family("not_offered"))
    team = office.member(Role.REFERRING_TEAM)
    office.put(
        NotProposed,
        family_id=birth.family_id,
        birth=birth,
        reason=NotProposedReason.LEFT,
        noted_by_id=team.pk,
        noted_at=office.moment(0, 9),
    )
    office.put(
        UnnamedBirths,
        maternity_id=office.maternity,
        day=office.today(-3),
        reason=UnnamedReason.SECRET_BIRTH,
        number=1,
        noted_by_id=team.pk,
        noted_at=office.moment(-2, 9),
    )
    _list(office)


def _presentations(office: Office) -> None:
    """Two that wait for their birth, one whose term has passed."""
    wanted = (
        ("Verdier", "Maëlle", 26, 18, ProposalContext.EPP, ProposalAnswer.YES),
        ("Sorel", "Nawel", 31, 41, ProposalContext.BIRTH_PREP, ProposalAnswer.PENDING),
        ("Aubin", "Chloé", 29, -17, ProposalContext.CONSULTATION, ProposalAnswer.YES),
    )
    for rank, (name, first, age, term, context, answer) in enumerate(wanted):
        is_answered = answer != ProposalAnswer.PENDING
        presented = office.put(
            Presentation,
            birth_name=name,
            first_names=first,
            birth_on=office.today(-365 * age - 40 * rank),
            phone=office.place.phone(1700 + rank),
            expected_on=office.today(term),
            maternity_id=office.maternity,
            context=context,
            presented_on=office.today(-30 - 5 * rank),
            presented_by_id=office.member(Role.REFERRING_TEAM).pk,
            covered=[CoveredPoint.values[0]],
            support=ProposalSupport.LEAFLET,
            answer=answer,
            answered_at=office.moment(-30 - 5 * rank, 11) if is_answered else None,
            ask_again_on=None if is_answered else office.today(6),
        )
        if rank == 0:
            _adhesion(office, presented)


def _adhesion(office: Office, presented: Presentation) -> None:
    """Signed on paper before the birth, beside the midwife who presented CoPa."""
    office.put(
        AntenatalConsent,
        presentation=presented,
        collected_by_id=presented.presented_by_id,
        collector=Collector.MIDWIFE,
        at=office.moment(-29, 11),
        mode=ConsentMode.PAPER,
        text_version=ADHESION_VERSION,
        notice_version="notice-2026.1-fr",
        notice_form=NoticeForm.READ,
    )


def _list(office: Office) -> None:
    """A list that nobody has confirmed yet: new births, twins on two lines, one already known, one that is refused."""
    columns = proposed_columns(HEADINGS, {})
    run = office.put(
        ImportRun,
        structure_id=office.maternity,
        file_name=f"naissances-{office.today(-1):%d-%m-%Y}.csv",
        requested_by_id=office.member(Role.REFERRING_TEAM).pk,
        requested_at=office.at - timedelta(minutes=50),
        columns=columns,
    )
    content = "\n".join(";".join(line) for line in (HEADINGS, *_lines(office)))
    office.put(ImportFile, run=run, content=content.encode())
    office.put(
        ImportProfile,
        structure_id=office.maternity,
        columns=remembered_columns(HEADINGS, columns),
        saved_by_id=office.member(Role.REFERRING_TEAM).pk,
        saved_at=office.moment(-20, 10),
    )


def _lines(office: Office) -> list[tuple[str, ...]]:
    known = Birth.objects.get(family=office.family("newborn", 2))
    mother = Mother.objects.get(family=known.family_id)
    village, day = office.place.villages[0], f"{office.today(-1):%d/%m/%Y}"
    home = ("4 rue du Lavoir", village.postal_code, village.name)
    born = f"{known.at.astimezone(office.known.zone):%H:%M}"
    twins = ("Ferrand", "Lou", "14/02/1994", "01 99 00 17 21", day, "03:40", "Césarienne", "1", "37")
    return [
        ("Delmas", "Inès", "21/06/1997", "01 99 00 17 20", day, "06:15", "Voie basse", "1", "39", "Anouk", "F", "3180",
         *home),
        (*twins, "Côme", "M", "2450", *home),
        (*twins, "Alma", "F", "2390", *home),
        (mother.birth_name, mother.first_names, f"{mother.birth_on:%d/%m/%Y}", "", f"{known.day:%d/%m/%Y}", born,
         "Voie basse", "1", "40", "", "F", "3300", *home),
        ("Mercier", "Zoé", "31/02/1992", "", day, "11:05", "Voie basse", "2", "40", "Noé", "M", "3420", *home),
    ]  # fmt: skip
