"""docs/forms/visit-report.md → FHIR R4 Questionnaire. Refuses what it does not know instead of guessing."""

import re
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.spec import constraints
from visits.questionnaire.spec.conditions import Lists, Questions, one, parse
from visits.questionnaire.spec.lists import SENSITIVITIES, Pages, code_lists
from visits.questionnaire.spec.tables import SpecError, parts, tables
from visits.questionnaire.typography import typeset

Item = dict[str, Any]
Row = dict[str, str]

HEADER = (
    "linkId", "Libellé", "Aide", "Type", "Options", "Obligatoire si", "enableWhen", "Contrainte", "Visites",
    "Sens.", "PDF", "Alimente", "Temps",
)  # fmt: skip
TYPES = {
    "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text",
    "choice", "open-choice", "reference",
}  # fmt: skip
MOMENTS = frozenset("12345pasc")
VISITS = {"V1": "V1", "V2": "V2", "V3": "V3", "UE": "ULTRA_EARLY"}
REFERENCES = frozenset({"Child", "Need", "DirectoryEntry"})
REQUIRED = {"oui": "done", "oui+": "always", "non": "never", "": "never"}

_NAME = re.compile(r"Form `(?P<id>[a-z-]+)`, version `(?P<version>[^`]+)`")
_PRINT = re.compile(r"^(?P<all>[ELGPMF ]+|–)(?:, child's alert also (?P<child>[GPM ]+))?$")
_FEED = re.compile(r"^[A-Z]{1,2}\d+$")

# Rows whose landing place does not exist yet, by the beginning of their name: in the definition, not on the screens.
LATER: tuple[str, ...] = ()
LATER_STAGE = 2
# W7: all that is left of the form when the visit did not take place.
WHEN_NOT_DONE = frozenset({"visit", "next.tell", "sign.confirm", "ctx"})
# Ten values and their total: with nine of them in the open part, the tenth (S3) could be computed.
SEALED = frozenset(f"epds.i{number:02d}" for number in range(1, 11))
TILES = {
    "feed.goal.weeks": {
        "2 semaines": 2, "1 mois": 4, "2 mois": 9, "3 mois": 13, "4 mois": 17, "6 mois": 26,
    },
}  # fmt: skip
SOURCES = {
    "visit.started_at": "visit", "visit.ended_at": "visit",
    "child.ref": "context", "need.prev.ref": "context", "need.prev.oriented": "context",
    "alert.family": "computed", "epds.language": "computed", "epds.total": "computed",
}  # fmt: skip
# Two answers in one touch; the labels are the ones the page announces.
PRESETS = {"who.present": {"Mère": "MOTHER", "Mère et coparent": "MOTHER COPARENT"}}
# Helps that promise what the platform does not do yet, or speak to the builders: not for the screen.
SILENT_HELPS = {"sign.confirm", "alert.sfl_told", "home.flags", "epds.procedure"}
GROUP_HELP = {
    "sleep": "Lisez à voix haute ou tendez la tablette. "
    "Dites d'abord : « Cinq phrases, pour savoir de quoi parler ensemble. »",
}


def build(pages: Pages) -> dict[str, Any]:
    """The whole Questionnaire. Raises SpecError with the row at fault."""
    name = _NAME.search(pages.report)
    if name is None:
        raise SpecError("no form name and version at the top of the page")
    sections, rows = _sections_and_rows(pages.report)
    lists = code_lists(pages)
    questions = _questions(rows, lists)
    items = {row["linkId"]: _item(row, questions, lists) for row in rows}
    top = _nest(items)
    for link_id, section in sections.items():
        if any(item is items[link_id] for item in top):
            items[link_id]["extension"].append({"url": ext.SECTION, "valueCode": section[0]})
    return {
        "resourceType": "Questionnaire",
        "id": name["id"],
        "url": ext.CANONICAL + name["id"],
        "version": name["version"],
        "name": "CopaVisitReport",
        "title": "Compte rendu de visite",
        "status": "active",
        "subjectType": ["Patient"],
        "extension": _section_list(sections),
        "contained": [_value_set(list_name, concepts) for list_name, concepts in lists.items()],
        "item": top,
    }


def _sections_and_rows(page: str) -> tuple[dict[str, tuple[str, str]], list[Row]]:
    sections: dict[str, tuple[str, str]] = {}
    rows: list[Row] = []
    for part in parts(page):
        for table in tables(part.lines):
            if table.header[0] != "linkId" or len(table.header) < 4:
                continue
            if table.header != HEADER:
                raise SpecError(f"part {part.number}: columns {table.header}")
            title = typeset(re.sub(r"\s*\(.*\)$", "", part.title))
            for row in table.rows:
                if row["linkId"] in sections:
                    raise SpecError(f"{row['linkId']} stands twice")
                sections[row["linkId"]] = (f"s{part.number.replace(' ', '')}", title)
                rows.append(row)
    return sections, rows


def _section_list(sections: dict[str, tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "url": ext.SECTION,
            "extension": [{"url": "code", "valueCode": code}, {"url": "title", "valueString": title}],
        }
        for code, title in dict.fromkeys(sections.values())
    ]


def _value_set(name: str, concepts: list[dict[str, Any]]) -> dict[str, Any]:
    include = {"system": ext.CODE_SYSTEM + name, "concept": concepts}
    return {
        "resourceType": "ValueSet",
        "id": value_set_id(name),
        "status": "active",
        "compose": {"include": [include]},
    }


def value_set_id(name: str) -> str:
    """FHIR ids take no underscore."""
    return name.replace("_", "-")


def _type(row: Row) -> tuple[str, bool]:
    kind, repeats = row["Type"].removesuffix(" (r)"), row["Type"].endswith(" (r)")
    if kind not in TYPES:
        raise SpecError(f"{row['linkId']}: unknown type {row['Type']}")
    return kind, repeats


def _questions(rows: list[Row], lists: Lists) -> Questions:
    questions: Questions = {}
    for row in rows:
        kind, _ = _type(row)
        name = row["Options"].strip("[]") if row["Options"].startswith("[") else ""
        if kind == "choice" and name not in lists:
            raise SpecError(f"{row['linkId']}: unknown code list {row['Options']}")
        questions[row["linkId"]] = (kind, name)
    return questions


def _item(row: Row, questions: Questions, lists: Lists) -> Item:
    link_id = row["linkId"]
    kind, repeats = _type(row)
    item: Item = {"extension": _extensions(row, questions, lists), "linkId": link_id, "type": kind}
    if row["Libellé"]:
        item["text"] = typeset(row["Libellé"])
    if repeats:
        item["repeats"] = True
    if link_id in SOURCES or _is_context(link_id):
        item["readOnly"] = True
    if (limit := constraints.length_of(row["Contrainte"])) is not None:
        item["maxLength"] = limit
    if row["enableWhen"]:
        item["enableBehavior"], item["enableWhen"] = parse(row["enableWhen"], questions, lists)
        if len(item["enableWhen"]) == 1:
            del item["enableBehavior"]
    _add_options(item, row, questions[link_id][1])
    return item


def _is_context(link_id: str) -> bool:
    return link_id == "ctx" or link_id.startswith("ctx.") or ".ctx." in link_id


def _add_options(item: Item, row: Row, list_name: str) -> None:
    options = row["Options"]
    if list_name:
        item["answerValueSet"] = "#" + value_set_id(list_name)
    elif options == "0–3":
        item["answerOption"] = [{"valueInteger": value} for value in range(4)]
    elif item["type"] == "reference" and options in REFERENCES:
        item["extension"].append({"url": ext.REFERENCE, "valueCode": options})
    elif options:
        raise SpecError(f"{row['linkId']}: unknown options {options}")


def _extensions(row: Row, questions: Questions, lists: Lists) -> list[dict[str, Any]]:
    link_id = row["linkId"]
    found = [_required(row, questions, lists), *_visits(row), *_sensitivity(row), *_print(row), *_moment(row)]
    found.append(_feeds(row))
    if link_id.startswith(LATER):
        found.append({"url": ext.STAGE, "valueInteger": LATER_STAGE})
    found += constraints.rules_of(link_id, row["Contrainte"], questions, lists, is_repeated=_type(row)[1])
    help_text = "" if link_id in SILENT_HELPS else row["Aide"] or GROUP_HELP.get(link_id, "")
    if help_text:
        found.append({"url": ext.HELP, "valueString": typeset(help_text)})
    if link_id in SEALED:
        found.append({"url": ext.SEALED, "valueBoolean": True})
    if link_id in WHEN_NOT_DONE:
        found.append({"url": ext.WHEN_NOT_DONE, "valueBoolean": True})
    if link_id in SOURCES:
        found.append({"url": ext.SOURCE, "valueCode": SOURCES[link_id]})
    found += [_tile(label, value) for label, value in TILES.get(link_id, {}).items()]
    found += [_preset(label, codes) for label, codes in PRESETS.get(link_id, {}).items()]
    if _is_context(link_id):
        found.append({"url": ext.HIDDEN, "valueBoolean": True})
    return found


def _feeds(row: Row) -> dict[str, Any]:
    if not row["Alimente"] or any(not _FEED.match(feed) for feed in row["Alimente"].split()):
        raise SpecError(f"{row['linkId']}: « {row['Alimente']} » feeds nothing known")
    return {"url": ext.FEEDS, "valueString": row["Alimente"]}


def _tile(label: str, value: int) -> dict[str, Any]:
    inner = [{"url": "label", "valueString": typeset(label)}, {"url": "value", "valueInteger": value}]
    return {"url": ext.TILES, "extension": inner}


def _preset(label: str, codes: str) -> dict[str, Any]:
    inner = [{"url": "label", "valueString": typeset(label)}, {"url": "codes", "valueString": codes}]
    return {"url": ext.PRESET, "extension": inner}


def _required(row: Row, questions: Questions, lists: Lists) -> dict[str, Any]:
    cell = row["Obligatoire si"]
    if cell in REQUIRED:
        return {"url": ext.REQUIRED_WHEN, "valueCode": REQUIRED[cell]}
    condition = constraints.condition_extension(one(cell, questions, lists))
    return {"url": ext.REQUIRED_WHEN, "extension": [condition]}


def _visits(row: Row) -> list[dict[str, Any]]:
    if row["Visites"] == "toutes":
        return []
    words = row["Visites"].split()
    if unknown := set(words) - set(VISITS):
        raise SpecError(f"{row['linkId']}: unknown visits {sorted(unknown)}")
    return [{"url": ext.VISITS, "valueString": " ".join(VISITS[word] for word in words)}]


def _sensitivity(row: Row) -> list[dict[str, Any]]:
    if row["Sens."] not in SENSITIVITIES:
        raise SpecError(f"{row['linkId']}: unknown sensitivity {row['Sens.']}")
    return [{"url": ext.SENSITIVITY, "valueCode": row["Sens."]}]


def _print(row: Row) -> list[dict[str, Any]]:
    match = _PRINT.match(row["PDF"])
    if match is None:
        raise SpecError(f"{row['linkId']}: unknown recipients {row['PDF']}")
    letters = [] if match["all"] == "–" else match["all"].split()
    if row["Sens."] == "S3" and letters:
        raise SpecError(f"{row['linkId']}: S3 is never printed")
    found = [{"url": ext.PRINT, "valueString": " ".join(letters)}] if letters else []
    return found + ([{"url": ext.PRINT_CHILD, "valueString": match["child"]}] if match["child"] else [])


def _moment(row: Row) -> list[dict[str, Any]]:
    if row["Temps"] not in MOMENTS:
        raise SpecError(f"{row['linkId']}: unknown moment {row['Temps']}")
    return [{"url": ext.MOMENT, "valueCode": row["Temps"]}]


def _nest(items: dict[str, Item]) -> list[Item]:
    """A row belongs to the nearest group whose linkId is its dotted prefix (section 18)."""
    top: list[Item] = []
    for link_id, item in items.items():
        parent = _nearest_group(link_id, items)
        siblings = top if parent is None else parent.setdefault("item", [])
        siblings.append(item)
    for link_id, item in items.items():
        if item["type"] == "group" and not item.get("item"):
            raise SpecError(f"group {link_id} has no rows")
    return top


def _nearest_group(link_id: str, items: dict[str, Item]) -> Item | None:
    words = link_id.split(".")
    for length in range(len(words) - 1, 0, -1):
        candidate = items.get(".".join(words[:length]))
        if candidate is not None and candidate["type"] == "group":
            return candidate
    return None
