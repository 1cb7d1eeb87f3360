"""« Pourquoi je vois ceci »: the right that opens the file to this member, what stays hidden, and whom to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from copa.kernel import clock
from copa.kernel.french import full_day, hour, inner, plural
from pathways.enums import GrantReason
from pathways.reads.facts import Directory, FamilyFacts, RelayFacts
from territories.models import Member
from visits import perms
from visits.models import Report
from visits.reads.family_material import Material
from visits.reads.family_withheld import withheld


@dataclass(frozen=True, slots=True)
class Reasons:
    """`why` is one sentence; each of `hidden` names what is not shown; `ask` says whom to ask, "" when nobody."""

    why: str
    hidden: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the sentences are made of. `closed` counts the reports she may not open, `place` reads where she works."""

    facts: FamilyFacts
    closed: int
    place: Callable[[], str]
    letter: str
    zone: str

    @property
    def is_inside(self) -> bool:
        return self.letter == "E"


def reasons(material: Material, member: Member) -> Reasons:
    """In words, from the same facts as the row filters of `pathways.perms`."""
    closed = sum(report.pk not in material.readable for report in material.reports)
    place = _place(member, material.directory)
    return _told(_Ground(material.facts, closed, place, material.letter, material.zone), member)


def reasons_of(facts: FamilyFacts, member: Member, *, zone: str) -> Reasons:
    """The same for a page that has not read the whole file; as many queries for one report as for fifty."""
    read = perms.READ_REPORT.rows(member).filter(pk=OuterRef("pk"))
    closed = Report.objects.filter(~Exists(read), family=facts.pk).signed().count()
    letter = perms.reader_letter(member, facts.pk)
    return _told(_Ground(facts, closed, _place(member, Directory()), letter, zone), member)


def _place(member: Member, directory: Directory) -> Callable[[], str]:
    """Asked for where a sentence names it: most readers need none."""
    return lambda: directory.place(member.structure_id).name


def _told(ground: _Ground, member: Member) -> Reasons:
    why = _why(ground, member) + _until(ground, member)
    return Reasons(why=why, hidden=tuple(_hidden(ground, member)), ask=_ask(ground))


def _until(ground: _Ground, member: Member) -> str:
    """Until when the referring team and the AP keep a family that the PMI has taken, "" for the others."""
    pathway, relay = ground.facts.pathway, _relay(ground)
    if pathway is None or pathway.team_ends_at is None or perms.sees_whole_territory(member):
        return ""
    if relay and relay.is_over:
        return ""
    last = _last_day(pathway.team_ends_at, ground)
    return f" La PMI a pris le relais : votre équipe garde ce dossier jusqu’au {last}."


def _relay(ground: _Ground) -> RelayFacts | None:
    birth = ground.facts.birth
    return birth.relay if birth else None


def _last_day(ends_at: datetime, ground: _Ground) -> str:
    return full_day(clock.local_date(ends_at - timedelta(seconds=1), ground.zone))


def _why(ground: _Ground, member: Member) -> str:
    facts = ground.facts
    since = f"depuis le {full_day(member.starts_on)}"
    role = inner(member.get_role_display())
    grant = next((one for one in facts.grants if one.user_id == member.user_id), None)
    if grant is not None and grant.reason == GrantReason.EMERGENCY:
        return (
            f"Vous l’avez ouvert en urgence, jusqu’à {hour(grant.expires_at)}. La coordinatrice et l’équipe le savent."
        )
    if grant is not None:
        until = full_day(grant.until)
        return f"{grant.granted_by} vous a ouvert ce dossier jusqu’au {until} ({inner(grant.reason_label)})."
    pathway = facts.pathway
    if pathway is not None and pathway.ap_id == member.pk:
        return "Vous êtes l’auxiliaire de cette famille."
    if perms.sees_whole_territory(member):
        return f"Vous êtes {role} de ce territoire {since} : vous voyez toutes ses familles."
    place = ground.place()
    if pathway is not None and pathway.carrier == place:
        return f"Votre équipe, {place}, est l’équipe de référence de cette famille."
    if facts.pmi and facts.pmi == place:
        relay = _relay(ground)
        until = f", jusqu’au {_last_day(relay.ends_at, ground)}" if relay and relay.ends_at else ""
        return f"Le relais de cette famille est confié à {place}, avec l’accord de la mère{until}."
    return f"Cette famille est suivie par {place}, où vous êtes {role}."


def _hidden(ground: _Ground, member: Member) -> list[str]:
    hidden = []
    if ground.closed:
        hidden.append(f"Le contenu de {plural(ground.closed, 'compte rendu,comptes rendus')}.")
    hidden += withheld(ground.facts.pk, member)
    if not ground.is_inside:
        hidden.append("Ses accords pour d’autres personnes que vous, et à qui d’autre son dossier est ouvert.")
    if ground.letter == "P":
        hidden.append("Ce qui concerne la mère : vous lisez ce qui concerne l’enfant.")
    if perms.reads_sealed(member):
        return hidden
    # The same sentence whether or not the compartment holds anything: its existence would already tell.
    hidden.append(
        "Le compartiment protégé (violences, santé psychique, justice), qu’il contienne ou non quelque chose."
    )
    if not perms.hears_alerts(member):
        hidden.append("Les alertes, et ce que la mère a dit pour elle seule.")
    return hidden


def _ask(ground: _Ground) -> str:
    pathway = ground.facts.pathway
    if pathway is not None:
        return f"{pathway.carrier}, équipe de référence"
    birth = ground.facts.birth
    return birth.maternity if birth else ""
