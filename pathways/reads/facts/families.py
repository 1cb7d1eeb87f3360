"""The file of a family as a page needs it: the same number of queries for one family and for fifty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copa.kernel.prepared import together
from pathways import rules
from pathways.enums import Recipient
from pathways.reads.facts.agreements import AGREEMENT_READS, Agreements, GrantFacts, RecipientFacts
from pathways.reads.facts.births import BIRTH_READS, BirthFacts, Births, ChildFacts, one_died
from pathways.reads.facts.homes import CoParentFacts, HomeFacts, coparent_rows, coparents_of, home_of, home_rows
from pathways.reads.facts.names import Directory
from pathways.reads.facts.pathways import PathwayFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts(HomeFacts):
    """Everything the head of a file says. `births` are newest first; `birth` is the one that is followed now.

    `recipients` always holds those asked one by one, in the order of the form, then those written by name.
    """

    reference: str
    coparents: tuple[CoParentFacts, ...]
    births: tuple[BirthFacts, ...]
    postal_code: str
    sector: str
    pmi: str
    recipients: tuple[RecipientFacts, ...]
    mood: RecipientFacts
    # R025: another programme at home with its dates, in words; "" when there is none.
    other_programme: str
    grants: tuple[GrantFacts, ...]
    created_at: datetime

    @property
    def birth(self) -> BirthFacts | None:
        """The last delivery."""
        return self.births[0] if self.births else None

    @property
    def pathway(self) -> PathwayFacts | None:
        """The pathway of the last delivery."""
        return self.birth.pathway if self.birth else None

    @property
    def has_closed_files(self) -> bool:
        """Whether a withdrawal ended the openings of the file by name, and she has not come back since."""
        pathways = [birth.pathway for birth in self.births if birth.pathway is not None]
        is_over = not any(pathway.is_running for pathway in pathways)
        return is_over and any(pathway.has_closed_files for pathway in pathways)

    @property
    def takes_nothing_new(self) -> bool:
        """Whether the last delivery is silent, or its pathway stopped for good (A38)."""
        is_silent = self.birth is not None and self.birth.is_silent
        return rules.takes_nothing_new(is_silent=is_silent, state=self.pathway.state if self.pathway else "")

    @property
    def has_orphan(self) -> bool:
        """Whether a child of the last delivery lives after the death of its mother: what is not hers goes on."""
        birth, state = self.birth, self.pathway.state if self.pathway else ""
        lives = any(not child.is_closed for child in self.children)
        return birth is not None and rules.has_orphan(is_silent=birth.is_silent, has_living_child=lives, state=state)

    def takes_nothing_about(self, about: str) -> bool:
        """Whether no need is noted, and no orientation asked for or decided, any more about this NeedAbout."""
        return not rules.goes_on(about, is_over=self.takes_nothing_new, has_orphan=self.has_orphan)

    @property
    def child_doctors(self) -> tuple[GrantFacts, ...]:
        """After the death of the mother, openings of those who follow the child who lives: these may be prolonged."""
        if not self.has_orphan:
            return ()
        return tuple(one for one in self.grants if one.recipient == Recipient.PAEDIATRICIAN)

    @property
    def may_be_opened(self) -> bool:
        """Whether the file may be opened to somebody, or an opening prolonged."""
        return not self.takes_nothing_new or bool(self.child_doctors)

    @property
    def children(self) -> tuple[ChildFacts, ...]:
        """The children of the last delivery."""
        return self.birth.children if self.birth else ()

    @property
    def has_changed(self) -> bool:
        """Whether a child died and the path goes on for another one: whoever calls speaks to the team first."""
        birth, state = self.birth, self.pathway.state if self.pathway else ""
        if birth is None or rules.is_in_mourning(is_silent=birth.is_silent, state=state):
            return False
        return one_died(birth.children)

    @property
    def answers(self) -> dict[str, str]:
        """Her answer by Recipient, and for the mood score; "" when she was never asked."""
        return {row.recipient: row.answer for row in (*self.recipients, self.mood) if not row.named}

    @property
    def others(self) -> dict[str, str]:
        """Her answer by name, for those no list foresees."""
        return {row.named: row.answer for row in self.recipients if row.named}

    def agrees(self, recipient: str) -> bool:
        """Whether this recipient may receive what is sent from now on; nobody may once the pathway stopped."""
        if self.pathway and self.pathway.is_stopped:
            return False
        return any(row.is_agreed for row in self.recipients if row.recipient == recipient)


def family_facts(family_id: int, at: datetime, directory: Directory | None = None) -> FamilyFacts:
    """The file of one family; `at` decides which grants still run. Two queries.

    A `directory` that already expects other names asks for them and for these together.
    """
    return families_facts([family_id], at, directory)[family_id]


def families_facts(keys: Iterable[int], at: datetime, directory: Directory | None = None) -> dict[int, FamilyFacts]:
    """The files of these families by primary key, in the same number of queries as for one."""
    return facts_of(together(*FACT_READS, keys=sorted(set(keys)), at=at), directory or Directory())


# They take `keys`, of families, and `at`. For a page that asks for more in the same exchange.
FACT_READS = (home_rows, coparent_rows, *BIRTH_READS, *AGREEMENT_READS)


def facts_of(found: Sequence[list[Any]], directory: Directory) -> dict[int, FamilyFacts]:
    """The files by primary key, from the rows of FACT_READS; the directory asks for the names."""
    rows, parents, *others = found
    directory.expect(places=(row.family__commune__sector__structure_id for row in rows))
    coparents = coparents_of(parents)
    births = Births(others[: len(BIRTH_READS)], directory)
    agreements = Agreements(others[len(BIRTH_READS) :], directory)
    return {
        key: FamilyFacts(
            reference=row.family__reference,
            coparents=coparents.get(key, ()),
            births=births.of_family(key),
            postal_code=row.family__commune__postal_code or "",
            sector=row.family__commune__sector__name or "",
            pmi=directory.place(row.family__commune__sector__structure_id).name,
            recipients=agreements.recipients(key),
            mood=agreements.mood(key),
            other_programme=agreements.other_programme(key),
            grants=agreements.grants(key),
            created_at=row.family__created_at,
            **home_of(row),
        )
        for row in rows
        for key in (row.family_id,)
    }
