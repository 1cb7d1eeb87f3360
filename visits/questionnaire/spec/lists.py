"""Code lists of the form: section 14 and 15 of the report page, and the pages they point to."""

import re
from dataclasses import dataclass
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.spec.tables import SpecError, Table, part, tables
from visits.questionnaire.typography import typeset

DECLINED = ("DECLINED", "Ne souhaite pas répondre")
# The only words of section 14 that are not a code: further languages come from the territory's own list.
_NOT_A_CODE = {"epds_language": "autres codes ISO 639-1 des versions fournies par le territoire"}
_ENTRY = re.compile(r"^`(?P<code>[A-Za-z0-9_]+)` (?P<label>.+)$")
_POINTER = re.compile(r"^(?:`(?P<page>[a-z-]+)\.md` (?P<number>\d+)|section (?P<own>\d+))$")
_EXTERNAL = re.compile(r"^FHIR mapping of \[(?P<name>\w+)\]: (?P<pairs>[^(]+)")
SENSITIVITIES = ("S1", "S2", "S2m", "S2c", "S3")

FLAG_HEADER = ("Code", "Libellé (AP)", "Aide", "Family", "Sens.")
FAMILY_HEADER = (
    "Family", "Nom à l'écran", "Qui appeler d'abord", "EMR answers within", "Then, if nobody", "SFL told",
    "Visit may close",
)  # fmt: skip
NEED_HEADER = ("Code", "Libellé", "Catégorie", "Pour", "Sens.", "Se dit quand")
TARGET_HEADER = ("Code", "Libellé", "Classe", "Entrée", "Publics", "Vis.", "Besoins servis", "Origine")
TASK_HEADER = ("Code", "Libellé", "Compétence", "Bloc")


@dataclass(frozen=True)
class Pages:
    """Text of the three pages the form is made of."""

    report: str
    alerts: str
    directory: str


Concept = dict[str, Any]


def code_lists(pages: Pages) -> dict[str, list[Concept]]:
    """Every code list by name, as FHIR concepts.

    Refuses a list defined twice differently, an entry without a code, a code given twice.
    """
    found: dict[str, list[Concept]] = {}
    for row in _only_table(pages.report, "14").rows:
        name = row["Liste"].strip("[]")
        concepts = _list(name, row["Codes et libellés"], pages)
        if found.setdefault(name, concepts) != concepts:
            raise SpecError(f"[{name}] is defined twice, differently")
        _refuse_repeated_codes(name, concepts)
    _add_external_codes(pages.report, found)
    return found


def _only_table(page: str, number: str) -> Table:
    found = tables(part(page, number).lines)
    if len(found) != 1:
        raise SpecError(f"part {number} should hold one table")
    return found[0]


def rows_of(page: str, number: str, header: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """Rows of the one table of a part, after checking its columns."""
    table = _only_table(page, number)
    if table.header != header:
        raise SpecError(f"part {number}: columns {table.header} instead of {header}")
    return table.rows


def _list(name: str, cell: str, pages: Pages) -> list[Concept]:
    pointer = _POINTER.match(cell)
    if pointer is None:
        return [_concept(name, entry) for entry in cell.split(" · ") if entry != _NOT_A_CODE.get(name)]
    page = "report" if pointer["own"] else pointer["page"]
    reader = _READERS.get((page, pointer["own"] or pointer["number"]))
    if reader is None:
        raise SpecError(f"[{name}] points to {cell}, which no reader knows")
    return reader(pages)


def _concept(name: str, entry: str) -> Concept:
    if entry.strip() == "◦":
        return {"code": DECLINED[0], "display": DECLINED[1]}
    match = _ENTRY.match(entry.strip())
    if match is None:
        raise SpecError(f"[{name}]: no code in « {entry} »")
    return {"code": match["code"], "display": typeset(match["label"])}


def code(cell: str) -> str:
    """The code between backticks."""
    if not re.fullmatch(r"`[A-Z0-9_]+`", cell):
        raise SpecError(f"« {cell} » is not a code between backticks")
    return cell.strip("`")


def _text(url: str, value: str) -> dict[str, str]:
    return {"url": url, "valueString": value}


def _coded(url: str, value: str) -> dict[str, str]:
    return {"url": url, "valueCode": value}


def _flags(number: str, pages: Pages) -> list[Concept]:
    families = {code(row["Family"]) for row in rows_of(pages.alerts, "1", FAMILY_HEADER)}
    return [_flag(row, families) for row in rows_of(pages.alerts, number, FLAG_HEADER)]


def _flag(row: dict[str, str], families: set[str]) -> Concept:
    family = code(row["Family"])
    if family not in families:
        raise SpecError(f"{row['Code']}: unknown family {family}")
    if row["Sens."] not in SENSITIVITIES:
        raise SpecError(f"{row['Code']}: unknown sensitivity {row['Sens.']}")
    extension = [_coded(ext.FAMILY, family), _coded(ext.SENSITIVITY, row["Sens."])]
    if row["Aide"]:
        extension.append(_text(ext.HELP, typeset(row["Aide"])))
    return {"extension": extension, "code": code(row["Code"]), "display": typeset(row["Libellé (AP)"])}


def _families(pages: Pages) -> list[Concept]:
    rows = rows_of(pages.alerts, "1", FAMILY_HEADER)
    return [{"code": code(row["Family"]), "display": typeset(row["Nom à l'écran"])} for row in rows]


def _needs(pages: Pages) -> list[Concept]:
    return [_need(row) for row in rows_of(pages.directory, "4", NEED_HEADER)]


def _need(row: dict[str, str]) -> Concept:
    if row["Catégorie"] not in ("HEALTH", "SOCIAL", "SEALED"):
        raise SpecError(f"{row['Code']}: unknown category {row['Catégorie']}")
    extension: list[dict[str, Any]] = [
        _coded(ext.CATEGORY, row["Catégorie"]),
        _coded(ext.SENSITIVITY, row["Sens."]),
    ]
    if row["Catégorie"] == "SEALED":
        extension.append({"url": ext.TEAM_ONLY, "valueBoolean": True})
    elif row["Se dit quand"]:
        extension.append(_text(ext.HELP, typeset(row["Se dit quand"])))
    return {"extension": extension, "code": code(row["Code"]), "display": typeset(row["Libellé"])}


def _targets(pages: Pages) -> list[Concept]:
    needs = {code(row["Code"]) for row in rows_of(pages.directory, "4", NEED_HEADER)}
    return [_target(row, needs) for row in rows_of(pages.directory, "2", TARGET_HEADER)]


def _target(row: dict[str, str], needs: set[str]) -> Concept:
    served = [] if row["Besoins servis"] == "–" else row["Besoins servis"].split(", ")
    if unknown := set(served) - needs:
        raise SpecError(f"{row['Code']} serves unknown needs {sorted(unknown)}")
    if row["Entrée"] not in ("SELF", "ASK", "EMR", "PRO"):
        raise SpecError(f"{row['Code']}: unknown entry {row['Entrée']}")
    extension: list[dict[str, Any]] = [_coded(ext.SERVES, need) for need in served]
    if row["Entrée"] in ("EMR", "PRO") or row["Vis."] == "ARC":
        extension.append({"url": ext.TEAM_ONLY, "valueBoolean": True})
    concept: Concept = {"code": code(row["Code"]), "display": typeset(row["Libellé"])}
    return {"extension": extension, **concept} if extension else concept


def _tasks(pages: Pages) -> list[Concept]:
    rows = rows_of(pages.report, "15", TASK_HEADER)
    return [
        {
            "extension": [_coded(ext.COMPETENCE, row["Compétence"])],
            "code": code(row["Code"]),
            "display": typeset(row["Libellé"]),
        }
        for row in rows
    ]


_READERS = {
    ("alerts", "1"): _families,
    ("alerts", "2"): lambda pages: _flags("2", pages),
    ("alerts", "3"): lambda pages: _flags("3", pages),
    ("alerts", "4"): lambda pages: _flags("4", pages),
    ("directory-types", "2"): _targets,
    ("directory-types", "4"): _needs,
    ("report", "15"): _tasks,
}


def _refuse_repeated_codes(name: str, concepts: list[Concept]) -> None:
    codes = [concept["code"] for concept in concepts]
    if len(set(codes)) != len(codes):
        raise SpecError(f"[{name}] holds a code twice")


def _add_external_codes(page: str, found: dict[str, list[Concept]]) -> None:
    for line in part(page, "14").lines:
        match = _EXTERNAL.match(line)
        if match is None:
            continue
        pairs = dict(re.findall(r"([A-Z_]+) = ([A-Z0-9-]+)", match["pairs"]))
        for concept in found[match["name"]]:
            if concept["code"] in pairs:
                concept["extension"] = [_text(ext.EXTERNAL_CODE, pairs[concept["code"]])]
