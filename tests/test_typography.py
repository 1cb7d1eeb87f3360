"""French signs stay on the line of their word: no-break spaces in all that the screens say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("copa/kernel", "copa/pages", "territories", "pathways", "visits", "messaging", "reporting", "billing")
# Read from a plain-text table, and typeset when they are.
TYPESET = ROOT / "visits" / "questionnaire" / "spec"
SOURCES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and TYPESET not in path.parents
)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
# A plain space beside a high sign or inside guillemets, and the wide no-break space where the narrow one belongs.
LOOSE = re.compile(r"(?<=[\w»)}>]) [:;?!](?=[ <{]|$)|« | »|\u00a0[;?!]")


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module, without its documentation."""
    tree = ast.parse(path.read_text())
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_sentences_of_the_code(path: Path) -> None:
    assert [text for text in sentences(path) if LOOSE.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_sentences_of_the_pages(path: Path) -> None:
    shown = re.sub(r"{#.*?#}|{%.*?%}|<[^>]*>", "\n", path.read_text())
    assert [line.strip() for line in shown.splitlines() if LOOSE.search(line)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_sentences_of_the_scripts(path: Path) -> None:
    code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
    said = re.findall(r'"[^"\n]*"|`[^`\n]*`', re.sub(r"\$\{[^}]*\}", "x", code))
    assert [text for text in said if LOOSE.search(text.strip('"`'))] == []
