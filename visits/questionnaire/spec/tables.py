"""Markdown headings and tables of a specification page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^#{2,3} (?P<number>\d+(?:\.\d+)?(?: bis)?)\.? (?P<title>.+)$")
_RULE_LINE = re.compile(r"^\|[-| ]+\|$")


class SpecError(ValueError):
    """The specification says something the generator does not know; the message names the row."""


@dataclass(frozen=True)
class Part:
    """A numbered heading and the lines under it, up to the next numbered heading."""

    number: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The cells of a Markdown table, each row by the words of the header."""

    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def parts(text: str) -> list[Part]:
    """Split a page at its `## 3. Title` and `### 5.1 Title` headings; what comes before is left out."""
    found: list[Part] = []
    number, title, lines = "", "", []
    for line in text.splitlines():
        match = _HEADING.match(line)
        if match is None:
            lines.append(line)
            continue
        if number:
            found.append(Part(number, title, tuple(lines)))
        number, title, lines = match["number"], match["title"].strip(), []
    return [*found, Part(number, title, tuple(lines))]


def part(text: str, number: str) -> Part:
    """The part with this number. Raises SpecError when the page has none."""
    for candidate in parts(text):
        if candidate.number == number:
            return candidate
    raise SpecError(f"no part {number}")


def tables(lines: tuple[str, ...]) -> list[Table]:
    """Every table in these lines. A row with another number of cells than its header is refused."""
    return [_table(block) for block in _blocks(lines)]


def _blocks(lines: tuple[str, ...]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            block.append(line)
        elif block:
            yield block
            block = []


def _table(block: list[str]) -> Table:
    header = _cells(block[0])
    if len(block) < 2 or not _RULE_LINE.match(block[1]):
        raise SpecError(f"table without a rule line: {block[0]}")
    rows = []
    for line in block[2:]:
        cells = _cells(line)
        if len(cells) != len(header):
            raise SpecError(f"{len(cells)} cells instead of {len(header)}: {line}")
        rows.append(dict(zip(header, cells, strict=True)))
    return Table(header, tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
