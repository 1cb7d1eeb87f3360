"""French signs stay on the line of their word: no-break spaces in what the pages of visits say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for part in ("actions", "forms", "reads", "views") for path in (ROOT / "visits" / part).glob("*.py")
)
TEMPLATES = sorted((ROOT / "templates" / "visits").rglob("*.html"))
# A plain space beside a high sign or inside guillemets, and the wide no-break space where the narrow one belongs.
LOOSE = re.compile(r"(?<=[\w»)}>]) [:;?!](?=[ <{]|$)|« | »|\u00a0[;?!]")


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module, without its documentation."""
    tree = ast.parse(path.read_text())
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_sentences_of_the_code(path: Path) -> None:
    assert [text for text in sentences(path) if LOOSE.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_sentences_of_the_pages(path: Path) -> None:
    shown = re.sub(r"{#.*?#}|{%.*?%}|<[^>]*>", "\n", path.read_text())
    assert [line.strip() for line in shown.splitlines() if LOOSE.search(line)] == []
