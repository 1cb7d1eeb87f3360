"""The form definitions delivered with the code. Others may be imported later and live in the database."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"


def packaged_definitions() -> list[dict[str, Any]]:
    """The FHIR Questionnaires of visits/questionnaires/, oldest version first, to be stored as ReportForm rows."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("copa-*.json"))]
    return [document for document in found if document.get("resourceType") == "Questionnaire"]
