"""Who may ask what: one row per address, read by `test_access_table`, which fails for an address that is missing.

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
}
# Addresses above territories, tested with the ARS (tests/reporting/test_ars.py).
ABOVE = {"ars:figures", "ars:report_pdf", "ars:figures_csv"}

TEAM = "elise farid"
CARE = "amal bea chloe elise farid fanny gaelle gina ines iris marc nora olga"
FOLLOWING = " ".join(sorted(FOLLOW))

ROWS: tuple[Row, ...] = (
    # visits
    Row("visits:worklist", PILOTS),
    Row("visits:families", CARE),
    Row("visits:family", FOLLOWING, "family", without(*FOLLOW)),
    Row("visits:planning", "elise olga farid fanny amal bea chloe"),
    Row("visits:plan", "elise olga farid amal", "pathway", without("elise", "olga", "farid", "amal")),
    Row("visits:close_pathway", TEAM, "pathway", without("elise", "farid")),
    Row("visits:change", "elise olga farid amal", "planned", without("elise", "olga", "farid", "amal")),
    Row("visits:day", "amal bea chloe"),
    Row("visits:emergency", "amal bea chloe"),
    Row("visits:enter", "amal", "planned", without("amal")),
    Row("visits:leave", "amal", "planned", without("amal")),
    Row("visits:not_done", "amal", "planned", without("amal")),
    Row("visits:report_edit", "amal", "owed", without("amal")),
    Row("visits:report_draft", "amal", "owed", without("amal"), method="put"),
    Row("visits:report_note", "amal", "owed", without("amal"), method="post"),
    Row("visits:death", "amal", "planned", without("amal")),
    Row("visits:kept", TEAM, "given_up", without("elise", "farid")),
    Row("visits:report_sign", "amal", "owed", without("amal"), method="post"),
    Row("visits:reports", "elise nora olga farid fanny"),
    Row("visits:report", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:report_proof", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:report_pdf", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:opened", "farid", "report", without("farid"), method="post"),
    Row("visits:addendum", "amal", "report", without("amal")),
    Row("visits:sealed", "elise farid nora", "report", without("elise", "farid", "nora")),
    # pathways
    Row("pathways:births", "elise nora olga farid fanny amal bea chloe"),
    Row("pathways:birth_new", "elise farid fanny"),
    Row("pathways:proposal", "elise farid amal", "birth", without("elise", "farid", "amal")),
    Row("pathways:inclusion", "elise farid amal", "birth", without("elise", "farid", "amal")),
    Row("pathways:discharge", TEAM, "birth", without("elise", "farid")),
    Row("pathways:silence", TEAM, "birth", without("elise", "farid")),
    Row("pathways:family_edit", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:identity", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:recipients", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:open_family", TEAM, "family", without("elise", "farid")),
    Row("pathways:reads", "elise farid nora", "family", without("elise", "farid", "nora")),
    Row("pathways:withdraw", "elise farid amal", "pathway", without("elise", "farid", "amal")),
    Row("pathways:stop", TEAM, "pathway", without("elise", "farid")),
    Row("pathways:assign", "elise farid olga", "pathway", without("elise", "farid", "olga")),
    Row("pathways:alerts", "elise nora olga farid fanny amal bea chloe"),
    Row("pathways:take_alert", "elise farid nora", "alert", without("elise", "farid", "nora")),
    Row("pathways:relays", "elise nora olga farid fanny gaelle gina"),
    Row("pathways:relay", "elise nora olga farid gaelle", "relay", without("elise", "nora", "olga", "farid", "gaelle")),
    Row("pathways:relay_reply", TEAM, "relay", without("elise", "farid")),
    # territories
    Row("territories:members", "elise nora olga jeanne"),
    Row("territories:rights", "elise nora olga jeanne"),
    Row("territories:add_member", "jeanne"),
    Row("territories:invite_again", "jeanne", "member", others("jeanne"), method="post"),
    Row("territories:end_rights", "elise jeanne", "member", others("elise jeanne")),
    Row("territories:give_back_rights", "elise jeanne", "member", others("elise jeanne"), method="post"),
    # billing
    Row("billing:lines", "elise nora olga jeanne"),
    Row("billing:make_lines", "elise nora olga jeanne", method="post"),
    # reporting
    Row("reporting:quarter", "elise nora olga jeanne"),
    Row("reporting:compute", PILOTS, method="post"),
    Row("reporting:export_request", "elise nora", method="post"),
    Row("reporting:export_status", "elise nora olga jeanne", "export", others("elise nora olga jeanne")),
    Row("reporting:export_file", "elise nora", "export", others("elise nora"), extra=("csv",)),
    # api
    Row("api:family-list", CARE),
    Row("api:family-detail", FOLLOWING, "family", without(*FOLLOW)),
    Row("api:pathway-list", CARE),
    Row("api:pathway-detail", FOLLOWING, "pathway", without(*FOLLOW)),
    Row("api:visit-list", CARE),
    Row("api:visit-detail", FOLLOWING, "done", without(*FOLLOW)),
    Row("api:report-list", CARE),
    Row("api:report-detail", FOLLOWING, "report", without(*FOLLOW)),
)
