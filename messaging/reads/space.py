"""The space of a parent: who reads, what was written, whom to call."""

from dataclasses import dataclass
from datetime import datetime

from copa.kernel.french import NBSP, phone
from messaging.actions.signing_in import Entrant
from messaging.enums import SpaceState
from messaging.models import Conversation
from messaging.reads.lines import Talk, lines_of
from messaging.reads.standing import Standing, reader_now, reads_at
from messaging.reads.words import calm_words, reads_words, sent_words
from pathways.enums import EmergencyUse
from pathways.models import CoParent
from pathways.reads.emergency import EmergencyLine, emergency_lines
from pathways.reads.team_lines import number_now

# Whoever opens her space sees them at once, whatever the hour: a life in danger, who cannot speak, dark thoughts.
_ALWAYS = (EmergencyUse.SAMU, EmergencyUse.SUICIDE, EmergencyUse.TEXT)
_WORDS = {
    EmergencyUse.SAMU: f"Urgence{NBSP}: {{}}",
    EmergencyUse.SUICIDE: f"Tout est trop lourd{NBSP}: {{}}, jour et nuit",
    EmergencyUse.TEXT: f"Sans parler{NBSP}: un SMS au {{}}",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A number to tap."""

    label: str
    href: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacePage(Talk):
    """`first_name` greets; `sent` is said while the last message waits to be read, "" otherwise; `calm` likewise."""

    first_name: str
    readers: str
    hours: str
    calm: str
    sent: str
    calls: tuple[Call, ...]
    conversation: Conversation


def team_number(standing: Standing) -> str:
    """The number that answers for the team of this family now; "" without any."""
    pathway = standing.pathway
    return number_now(pathway.carrier, standing.at, standing.territory) if pathway else ""


def calls(number: str) -> tuple[Call, ...]:
    """The numbers of a space: those of the territory in scope, and the team's."""
    lines: dict[str, EmergencyLine] = {line.use: line for line in emergency_lines()}
    found = [_call(lines[use], use) for use in _ALWAYS if use in lines]
    team = [Call(f"L’équipe{NBSP}: {phone(number)}", f"tel:{number}")] if number else []
    return (*found[:1], *team, *found[1:])


def _call(line: EmergencyLine, use: EmergencyUse) -> Call:
    return Call(_WORDS[use].format(line.phone), line.href, is_urgent=use == EmergencyUse.SAMU)


def space_page(entrant: Entrant, page: str, at: datetime, *, has_sent: bool) -> SpacePage:
    """The page of the adult who signed in: of her own conversation, never another's (A36)."""
    standing, account = entrant.standing, entrant.account
    conversation: Conversation = Conversation.objects.of_adult(account.family_id, account.coparent_id).get()
    reader, number = reader_now(standing), team_number(standing)
    reads = reads_at(reader, standing)
    is_calm = standing.state == SpaceState.CALM
    waits = conversation.unread_since is not None
    assert standing.pathway is not None, "a space belongs to a family that is followed"
    team = f"l’équipe de référence ({standing.pathway.carrier.name})"
    return SpacePage(
        first_name=_first_name(standing),
        readers=team if reader.is_team else f"{reader.name}, votre auxiliaire, et {team}",
        hours="" if is_calm else reads_words(reader),
        calm=calm_words(number) if is_calm else "",
        sent=sent_words(standing, reader, reads, number) if has_sent or (waits and reads > at) else "",
        calls=calls(number),
        page=lines_of(conversation, page),
        conversation=conversation,
    )


def _first_name(standing: Standing) -> str:
    if standing.coparent is None:
        return standing.facts.mother.first_names.partition(" ")[0]
    names: str = CoParent.objects.values_list("first_names", flat=True).get(pk=standing.coparent)
    return names.partition(" ")[0]
