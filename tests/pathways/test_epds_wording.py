"""The wording file of a territory, and none in the repository (L01)."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from copa.kernel import scope
from pathways.models import EpdsWording
from pathways.rules.screening import EPDS_ITEMS
from tests.cast import LAGON, VALLEES, inside

ROOT = Path(__file__).parents[2]


def document(**changes: object) -> str:
    options = [{"label": f"choix {points}", "points": points} for points in range(4)]
    items = {key: {"text": f"question {key}", "options": options} for key in EPDS_ITEMS}
    return json.dumps({"language": "fr", "title": "Essai", "permission": "Accord n° 12", "items": items} | changes)


def test_file_is_loaded_for_one_territory_only(db: None, tmp_path: Path) -> None:
    path = tmp_path / "epds.json"
    path.write_text(document())

    call_command("load_epds_wording", str(path), "--territory", VALLEES, verbosity=0)

    with scope.opened(inside(VALLEES)):
        assert EpdsWording.objects.count() == 1
    with scope.opened(inside(LAGON)):
        assert EpdsWording.objects.count() == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", document(permission=""), document(items={"i01": {}})])
def test_file_that_does_not_hold_together_is_refused(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "epds.json"
    path.write_text(text)

    with pytest.raises(CommandError):
        call_command("load_epds_wording", str(path), "--territory", VALLEES, verbosity=0)

    with scope.opened(inside(VALLEES)):
        assert EpdsWording.objects.count() == 0


def test_unknown_territory_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no territory"):
        call_command("load_epds_wording", str(tmp_path / "x.json"), "--territory", "nulle-part", verbosity=0)


def test_repository_holds_keys_of_the_scale_and_no_sentence_of_it() -> None:
    """An item of the form has a number for a label, and four numbers for options."""
    form = next((ROOT / "visits" / "questionnaires").glob("copa-visit-report-*.json"))
    texts = re.findall(r'"linkId": "epds\.i\d\d",[^}]*?"text": "([^"]*)"', form.read_text())

    assert len(texts) == 10
    assert [text for text in texts if not re.fullmatch(r"Réponse n° \d+( \(.*\))?", text.replace("\u00a0", " "))] == []
    files = [path for path in ROOT.rglob("*epds*.json") if ".venv" not in path.parts and "var" not in path.parts]
    assert files == []
