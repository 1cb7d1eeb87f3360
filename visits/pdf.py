"""Which read feeds which printed page."""

from dataclasses import asdict
from datetime import datetime

from copa.kernel.digest import digest_of
from copa.kernel.look import Paper
from copa.kernel.pdf import render_pdf
from visits.reads.carried import CarriedPage
from visits.reads.inclusion_sheet import InclusionSheet
from visits.reads.relay_file import RelayFile
from visits.reads.report import ReportPage
from visits.reads.whom_to_call import CallCard

# documents.md: every document carries the version of its definition.
RELAY_VERSION = "dossier de relais 2026.1, type 34133-9"
CARD_VERSION = "carte qui appeler 2026.2"
EASY_CARD_VERSION = "carte qui appeler facile 2026.1"
SHEET_VERSION = "copa-inclusion 2026.1"
CARRIED_VERSION = "comptes rendus reçus 2026.1"


def report_pdf(page: ReportPage, territory: str, at: datetime) -> bytes:
    """A signed report on A4, for the recipient whose copy it is."""
    paper = Paper(
        title=f"Compte rendu de visite, {page.short_kind}",
        territory=territory,
        version=page.form_version,
        printed_at=at,
        digest=page.fingerprint,
    )
    return render_pdf("pdf/report.html", {"paper": paper, "page": page})


def carried_pdf(page: CarriedPage, territory: str, at: datetime) -> bytes:
    """The reports that came from another territory on A4, for the recipient whose copy it is."""
    paper = Paper(
        title=f"Comptes rendus de {page.origin}",
        territory=territory,
        version=CARRIED_VERSION,
        printed_at=at,
        digest=page.digest,
    )
    return render_pdf("pdf/carried.html", {"paper": paper, "page": page})


def relay_pdf(file: RelayFile, territory: str) -> bytes:
    """The relay file on A4; without the mother's agreement one sentence and nothing else."""
    paper = Paper(
        title="Dossier de relais PMI",
        territory=territory,
        version=RELAY_VERSION,
        printed_at=file.written_at,
        # Of what it says and not of the hour: two prints of the same file bear the same (documents.md, head).
        digest=digest_of({"relay": str(file.public_id), "blocks": [asdict(block) for block in file.blocks]}),
    )
    return render_pdf("pdf/relay.html", {"paper": paper, "file": file})


def sheet_pdf(sheet: InclusionSheet, territory: str) -> bytes:
    """One copy of the inclusion sheet on A4; one that is not to be made says why and nothing else."""
    paper = Paper(
        title="Fiche d’entrée",
        territory=territory,
        version=SHEET_VERSION,
        printed_at=sheet.written_at,
        digest=sheet.digest,
    )
    return render_pdf("pdf/inclusion_sheet.html", {"paper": paper, "sheet": sheet})


def call_card_pdf(card: CallCard, territory: str, at: datetime) -> bytes:
    """The card « qui appeler » on A6, one side a page; the discreet one does not say whose programme it is."""
    paper = Paper(
        title="Qui appeler",
        territory="" if card.is_discreet else territory,
        version=EASY_CARD_VERSION if card.is_easy else CARD_VERSION,
        printed_at=at,
        digest=card.digest,
    )
    return render_pdf("pdf/call_card.html", {"paper": paper, "card": card})
