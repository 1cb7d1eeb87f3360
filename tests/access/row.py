"""Who may ask what: one row per address, read by `test_access_table`, which fails for an address that is missing.

This file holds the vocabulary; the rows stand beside it, a file per subject, gathered in `tests/access/__init__.py`.

Amal follows the family of the table; Bea is her neighbour in the same structure, Chloé works elsewhere in the
territory. `allowed` get an answer, `refused` see that it exists (403), every other member of the territory gets 404,
and so does everybody outside it. An address without an object refuses (403) the members it does not allow.
"""

from dataclasses import dataclass

INSIDERS = frozenset(
    "amal bea chloe elise farid fanny gaelle gina ines iris jeanne marc nora olga".split()  # noqa: SIM905
)
OUTSIDERS = frozenset("dora emma hugo hana karim lina".split())  # noqa: SIM905

PILOTS = "elise nora olga"
# Those who know of the family: pilots, the administrator by her role, colleagues of the structure, and those to whom
# it was handed (PMI of the sector, liberal midwife with a grant).
KNOW = frozenset(f"{PILOTS} jeanne amal bea farid gaelle ines".split())
FOLLOW = frozenset(f"{PILOTS} amal farid gaelle ines".split())


@dataclass(frozen=True)
class Row:
    """One address. `about` names the object of the world whose public id it takes, "" for none."""

    name: str
    allowed: str
    about: str = ""
    refused: str = ""
    method: str = "get"
    extra: tuple[str, ...] = ()

    def expected(self, who: str) -> str:
        """ "answer", "403" or "404"."""
        if who in OUTSIDERS:
            return "404"
        if who in self.allowed.split():
            return "answer"
        if not self.about or who in self.refused.split():
            return "403"
        return "404"


def without(*names: str) -> str:
    """Those who know of the family, less these."""
    return " ".join(sorted(KNOW - set(names)))


def others(names: str) -> str:
    """Every member of the territory but these: an object of the territory that everybody knows to exist."""
    return " ".join(sorted(INSIDERS - set(names.split())))


# Addresses that are nobody's secret or that answer for the signed-in person alone.
OPEN = {
    "home",
    "healthz",
    "manifest",
    "styleguide",
    "schema",
    # Opened by its token and a code, not by who one is: tests/pathways/pages/test_answer_links.py.
    "links:answer",
    # The same, to read a report once: tests/visits/test_copy_links.py.
    "copies:read",
    # One question a month to a service: tests/territories/test_capacity.py.
    "capacity:answer",
    # A parent's own: tests/messaging/test_space_pages.py.
    "entry:sign_in",
    "space:home",
    "space:leave",
    "space:close",
    "space:lost",
}
# Addresses above territories, tested with the ARS (tests/reporting/ars, test_committees.py).
ABOVE = {
    "ars:figures",
    "ars:report_pdf",
    "ars:figures_csv",
    "ars:committees",
    "ars:committee_new",
    "ars:committee_cancel",
}

TEAM = "elise farid"
CARE = "amal bea chloe elise farid fanny gaelle gina ines iris marc nora olga"
FOLLOWING = " ".join(sorted(FOLLOW))
