"""A maternity's list: received, its columns said, confirmed, then written birth by birth; or abandoned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from copa.kernel import jobs
from copa.kernel.errors import BusinessError
from pathways.actions.births import NewBirth, NewChild, NewCoParent, NewMother, add_birth, one_at_a_time, register_birth
from pathways.enums import OPEN_IMPORTS, ImportState
from pathways.models import Birth, Family, ImportedBirth, ImportFile, ImportProfile, ImportRun
from pathways.reads.import_choices import ADD, NOTHING, OTHER, WITHOUT, waits, waits_for_commune
from pathways.reads.import_matches import SAME_DAY, Match, matches
from pathways.reads.imports import Look, remembered, table_of
from pathways.rules.import_columns import BY_KEY, missing_fields, proposed_columns, remembered_columns
from pathways.rules.import_file import Table
from pathways.rules.import_kept import to_kept
from pathways.rules.import_listed import ListedBirth, Refused
from pathways.rules.import_secrecy import without_secrets
from territories.actions.communes import outside_commune
from territories.models import Commune, Member, Structure

# Refused lines whose reason is kept with the run; beyond, only their number is.
_REASONS_KEPT = 500


class Outcome:
    """What became of a birth of the list: codes of the summary."""

    ADDED, KNOWN, LEFT = "added", "known", "left"


@transaction.atomic
def receive_list(
    *, structure: Structure, file_name: str, content: bytes, by: Member | None, at: datetime
) -> tuple[ImportRun, Table]:
    """Keep a list until somebody has looked at it; nothing of it is written. Raises what `read_table` raises.

    The file itself is not kept, and of a line under secrecy nothing is (A38): the table that comes back has lost it.
    """
    table = table_of(content, structure)
    columns = proposed_columns(table.headings, remembered(structure))
    table = without_secrets(table, columns)
    run: ImportRun = ImportRun.objects.create(
        structure=structure,
        file_name=file_name[-120:],
        requested_by=by,
        requested_at=at,
        columns=columns,
    )
    ImportFile.objects.create(run=run, content=to_kept(table))
    return run, table


@transaction.atomic
def say_columns(*, run: ImportRun, table: Table, columns: Sequence[str], by: Member, at: datetime) -> None:
    """What each column holds; remembered for the next list of this maternity.

    Raises `columns_missing`, `column_twice`, `import_settled`.
    """
    said = [key for key in columns if key in BY_KEY]
    if missing := missing_fields(said):
        raise BusinessError("columns_missing", f"Dites quelle colonne contient : {', '.join(missing).lower()}.")
    if twice := sorted({BY_KEY[key].label for key in said if said.count(key) > 1}):
        raise BusinessError(
            "column_twice", f"Deux colonnes ne peuvent pas contenir la même chose : {', '.join(twice)}."
        )
    _still(run, ImportState.PENDING).update(columns=list(columns), choices={})
    # Which column holds her name is known only now.
    ImportFile.objects.filter(run=run).update(content=to_kept(without_secrets(table, columns)))
    ImportProfile.objects.update_or_create(
        structure=run.structure,
        defaults={"columns": remembered_columns(table.headings, columns), "saved_by": by, "saved_at": at},
    )


@transaction.atomic
def confirm_import(*, run: ImportRun, choices: Mapping[str, str], total: int) -> None:
    """Somebody has looked: a worker writes what is new and what was decided. Raises `import_settled`.

    `choices` by line: OTHER, NOTHING, or ADD and a family she was shown; by `outside_key`: CONFIRMED or WITHOUT; by
    `twin_key`: SAME_CHILD or TWIN. They are added to those of before.
    """
    known = {**run.choices, **choices}
    _still(run, ImportState.PENDING).update(
        state=ImportState.CONFIRMED, choices=known, total=total, claimed_at=None, summary={}
    )
    jobs.after_commit("pathways.apply_import", run.pk)


@transaction.atomic
def abandon_import(*, run: ImportRun, at: datetime) -> None:
    """Nobody goes on with this list; what it has already written stays. Raises `import_settled`."""
    _still(run, ImportState.PENDING).update(state=ImportState.ABANDONED, settled_at=at, choices={})
    ImportFile.objects.filter(run=run).delete()


class _Claimed:
    """Rows to move once: the update counts them, none is a refusal."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def update(self, **values: Any) -> None:
        if not self._rows.update(**values):
            message = "Cette liste est déjà confirmée ou abandonnée. Actualisez la page pour voir où elle en est."
            raise BusinessError("import_settled", message)


def _still(run: ImportRun, state: ImportState) -> _Claimed:
    return _Claimed(ImportRun.objects.filter(pk=run.pk, state=state))


# ---- Writing, by a worker ------------------------------------------------------------------------------
@transaction.atomic
def claim_import(*, run_id: int, at: datetime) -> ImportRun | None:
    """Take a confirmed list in hand; None when somebody else has it, or it is settled."""
    if not ImportRun.objects.unfinished(at).filter(pk=run_id).update(claimed_at=at):
        return None
    run: ImportRun = ImportRun.objects.select_related("structure__territory").get(pk=run_id)
    return run


@transaction.atomic
def keep_claim(*, run_id: int, since: datetime, at: datetime) -> bool:
    """Say that the worker still lives; False when another one has taken the list meanwhile."""
    return bool(ImportRun.objects.filter(pk=run_id, claimed_at=since).update(claimed_at=at))


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one birth of the list, and why when it is left."""

    line: int
    outcome: str
    reason: str = ""


@transaction.atomic
def write_listed(*, run: ImportRun, birth: ListedBirth, choice: str, at: datetime, about_commune: str = "") -> Written:
    """Store one birth of the list, once, however often and by however many it is asked.

    Looked for again under the lock that every registration takes: what was new when the page was shown may be known
    by now. A probable duplicate without a choice is left, a birth with a line that may say a twin or the same child
    again, and a commune outside of which nobody has said anything (`about_commune`, CONFIRMED or WITHOUT).
    """
    one_at_a_time()
    near = [match for match in matches([birth]).get(birth.line, []) if not _is_neighbour(run, match)]
    if choice == NOTHING or any(match.is_known for match in near):
        return Written(birth.line, Outcome.KNOWN)
    if near and choice != OTHER and not choice.startswith(ADD):
        return Written(birth.line, Outcome.LEFT, f"Ressemble à une famille connue : {', '.join(near[0].reasons)}.")
    if waits_for_commune(birth, choice, about_commune):
        message = f"{birth.outside} est hors du territoire : dites si c’est vérifié."
        return Written(birth.line, Outcome.LEFT, message)
    if birth.doubts:
        doubt = birth.doubts[0]
        message = f"La ligne {doubt.line} dit peut-être le même enfant que la ligne {doubt.like} : dites-le."
        return Written(birth.line, Outcome.LEFT, message)
    if about_commune == WITHOUT:
        birth = replace(birth, outside="")
    try:
        with transaction.atomic():
            stored = _stored(run, birth, choice, at)
    except BusinessError as refusal:
        if refusal.code == "same_delivery":
            return Written(birth.line, Outcome.KNOWN)
        return Written(birth.line, Outcome.LEFT, refusal.message)
    ImportedBirth.objects.create(family_id=stored.family_id, run=run, birth=stored, line=birth.line)
    return Written(birth.line, Outcome.ADDED)


def _is_neighbour(run: ImportRun, match: Match) -> bool:
    """Whether this is another mother of the same list, born on the same day: the page has compared them already."""
    return match.reasons == (SAME_DAY,) and ImportedBirth.objects.filter(run=run, family=match.family).exists()


def _stored(run: ImportRun, birth: ListedBirth, choice: str, at: datetime) -> Birth:
    new = _new_birth(run.structure, birth)
    if choice.startswith(ADD):
        family: Family = Family.objects.get(public_id=UUID(choice.removeprefix(ADD)))
        return add_birth(family=family, birth=new, at=at)
    # The list has its own search, just asked: `register_birth` would ask again, by rules meant for one birth at a time.
    return register_birth(
        mother=_new_mother(birth), coparents=_coparents(birth), birth=new, is_other_family=True, at=at
    )


def _new_mother(birth: ListedBirth) -> NewMother:
    return NewMother(
        birth_name=birth.birth_name,
        used_name=birth.used_name,
        first_names=birth.first_names,
        birth_on=birth.birth_on,
        birth_precision=birth.birth_precision,
        phone=birth.phone,
        email=birth.email,
    )


def _coparents(birth: ListedBirth) -> tuple[NewCoParent, ...]:
    if not birth.coparent_name:
        return ()
    parent = NewCoParent(first_names=birth.coparent_first_names, name=birth.coparent_name, phone=birth.coparent_phone)
    return (parent,)


def _new_birth(maternity: Structure, birth: ListedBirth) -> NewBirth:
    return NewBirth(
        maternity=maternity,
        at=birth.born_at,
        mode=birth.mode,
        term_weeks=birth.term_weeks,
        parity=birth.parity,
        children=tuple(
            NewChild(
                first_name=child.first_name,
                sex=child.sex,
                birth_weight_g=child.weight_g,
                is_hospitalised=child.is_hospitalised,
            )
            for child in birth.children
        ),
        address=birth.address,
        commune=_commune(birth),
        access_hint="",
    )


def _commune(birth: ListedBirth) -> Commune | None:
    if birth.outside:
        return outside_commune(birth.outside)
    return None if birth.place is None else Commune.objects.get(pk=birth.place)


@transaction.atomic
def finish_import(
    *, run_id: int, since: datetime, written: Sequence[Written], refused: Sequence[Refused], at: datetime
) -> None:
    """Tell what became of the list. It waits for somebody again while lines are left to decide; then its file goes."""
    left = [one for one in written if one.outcome == Outcome.LEFT]
    known = [one.line for one in written if one.outcome == Outcome.KNOWN]
    # Found again, those that an earlier confirmation, or a worker killed since, wrote of this very list.
    own = ImportedBirth.objects.filter(run=run_id, line__in=known).count()
    summary = {
        "known": len(known) - own,
        "left": [{"line": one.line, "reason": one.reason} for one in left[:_REASONS_KEPT]],
        "left_count": len(left),
        "refused": [{"line": one.line, "reason": one.reason} for one in refused[:_REASONS_KEPT]],
        "refused_count": len(refused),
    }
    mine = ImportRun.objects.filter(pk=run_id, claimed_at=since, state=ImportState.CONFIRMED)
    state = ImportState.PENDING if left else ImportState.DONE
    moved = mine.update(state=state, settled_at=None if left else at, claimed_at=None, summary=summary)
    if moved and not left:
        ImportFile.objects.filter(run=run_id).delete()


@transaction.atomic
def purge_imports(*, at: datetime) -> int:
    """Let go of the files that nobody settled in time (IMPORT_KEPT): they hold names. How many; twice does nothing."""
    keys = list(ImportRun.objects.outdated(at).order_by("pk").values_list("pk", flat=True))
    rows = ImportRun.objects.filter(pk__in=keys, state__in=OPEN_IMPORTS)
    count: int = rows.update(state=ImportState.ABANDONED, settled_at=at, claimed_at=None, choices={})
    ImportFile.objects.filter(run__in=keys).delete()
    return count


def total_of(seen: Look, choices: Mapping[str, str]) -> int:
    """How many births a confirmation writes: what is new, and what was said to be, unless something is missing."""
    said = [birth for birth, _ in seen.probable if choices.get(str(birth.line), NOTHING) != NOTHING]
    return sum(1 for birth in (*seen.new, *said) if not waits(birth, choices))
