"""Which read feeds which printed page."""

from datetime import datetime
from hashlib import sha256

from copa.kernel.digest import digest_of
from copa.kernel.look import Paper
from copa.kernel.pdf import render_pdf
from pathways.models import Concern, MeetingItem
from pathways.reads.facts import FamilyFacts
from pathways.reads.given_texts import GivenText
from pathways.reads.meetings import AnnexPage, ItemRow, MeetingPage
from pathways.reads.minutes import ParentCopy

# documents.md: every document carries the version of its definition at its foot.
MINUTES_VERSION = "compte rendu de réunion 2026.1"
ANNEX_VERSION = "annexe protégée 2026.1"
PARENTS_VERSION = "copie pour les parents 2026.1"


def minutes_pdf(page: MeetingPage, territory: str, at: datetime) -> bytes:
    """The agenda of a meeting to come, or its minutes: families by reference, never what is sealed."""
    title = "Compte rendu de réunion" if page.closed_at else "Ordre du jour"
    paper = Paper(title=title, territory=territory, version=MINUTES_VERSION, printed_at=at, digest=page.digest)
    return render_pdf("pdf/minutes.html", {"paper": paper, "meeting": page})


def parents_pdf(copy: ParentCopy, item: MeetingItem, territory: str, at: datetime) -> bytes:
    """What the team proposes, for one parent: plain words, nothing of the file, nothing of the other parent."""
    paper = Paper(
        title="Voici ce que l’équipe vous propose",
        territory=territory,
        version=PARENTS_VERSION,
        printed_at=at,
        digest=digest_of({"item": str(item.public_id), "for": copy.key, "lines": copy.lines}),
    )
    team = item.meeting.structure
    return render_pdf("pdf/parents_copy.html", {"paper": paper, "copy": copy, "item": item, "team": team})


def annex_pdf(item: ItemRow, annex: AnnexPage, territory: str, at: datetime) -> bytes:
    """What is sealed, on a sheet of its own, with the print it had when the minutes were validated."""
    paper = Paper(
        title="Annexe protégée",
        territory=territory,
        version=ANNEX_VERSION,
        printed_at=at,
        digest=annex.fingerprint,
    )
    return render_pdf("pdf/annex.html", {"paper": paper, "item": item, "annex": annex})


def text_pdf(given: GivenText, territory: str, at: datetime) -> bytes:
    """The adhesion or an information on A4, for one adult; its foot carries the version that is read."""
    text = given.text
    paper = Paper(title=text.label, territory=territory, version=text.version, printed_at=at, digest=given.digest)
    return render_pdf("pdf/text.html", {"paper": paper, "given": given})


def concern_pdf(concern: Concern, family: FamilyFacts, territory: str, at: datetime) -> bytes:
    """An information préoccupante on A4: the only paper that ever carries it (alerts.md 6.2)."""
    paper = Paper(
        title="Information préoccupante",
        territory=territory,
        version="information-preoccupante-2026.1",
        printed_at=at,
        digest=sha256(f"{concern.public_id}:{concern.facts}".encode()).hexdigest()[:16],
    )
    return render_pdf("pdf/concern.html", {"paper": paper, "concern": concern, "family": family})
