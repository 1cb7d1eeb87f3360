"""Which read feeds which printed page."""

from datetime import datetime

from copa.kernel.look import Paper
from copa.kernel.pdf import render_pdf
from copa.kernel.quarters import back_from
from reporting.reads.cards import HISTORY, adhesions, cards, report_curve
from reporting.reads.region import Overview, TerritoryRow, digest, table_title_of
from reporting.rules.indicators import INDICATORS, MAIN

ROWS_WITH_CURVES = 4


def activity_report(view: Overview, row: TerritoryRow, at: datetime) -> bytes:
    """The quarter on one page of A4: of the whole (its total row) with its table, or of one territory."""
    is_whole = row is view.total
    name = view.place if is_whole else row.name
    versions = ", ".join(sorted({definition.version for definition in INDICATORS}))
    quarters = back_from(view.quarter, HISTORY)
    paper = Paper(
        title=f"Rapport d’activité du {view.quarter.label}",
        territory=name,
        version=f"définitions v{versions}",
        printed_at=at,
        digest=view.digest if is_whole else digest(view.quarter, [row]),
    )
    context = {
        "paper": paper,
        "view": view,
        "row": row,
        "name": name,
        "is_whole": is_whole,
        "cards": cards(view.quarter, row.past),
        "curve": report_curve(quarters, row.past),
        "bars": adhesions(quarters, row.past, is_tight=True),
        # With more rows the curves would push the definitions to a second page.
        "has_curves": not is_whole or len(view.rows) <= ROWS_WITH_CURVES,
        # On one page of A4 the others stand without their definitions.
        "main": MAIN,
        "table_title": table_title_of(view),
    }
    return render_pdf("pdf/activity.html", context)
