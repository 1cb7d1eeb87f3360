"""What the mother answered about somebody, before her file is opened to her by name (R076, A16)."""

from datetime import date

from copa.kernel.errors import BusinessError
from copa.kernel.french import NBSP, inner
from pathways import rules
from pathways.enums import RECIPIENT_WORDS, Agreement, CircleRole, Recipient
from pathways.models import RECIPIENT_OF_ROLE, CareCircleMember, Family, Pathway, RecipientConsent
from pathways.reads.addressees import RECIPIENT_OF_WORK
from territories.models import Member

# As a question to the mother is known: the recipient, and the name for somebody no list foresees.
Asked = tuple[str, str]


def check_her_answer(*, family: Family, to: Member, recipient: str, named: str, is_confirmed: bool, day: date) -> None:
    """An opening is no way round her "no"; what she has not answered is confirmed by whoever opens (`is_confirmed`).

    The PMI outside the care team needs her recorded yes (A16, L1110-4): nobody confirms it in her place. Inside the
    caller's transaction, the family held. Raises `she_refused`, `pmi_not_agreed`, `not_answered`.
    """
    asked = _asked(family, to, recipient, named, day)
    rows = RecipientConsent.objects.filter(family=family).order_by("pk")
    known = {(row.recipient, row.named): row.answer for row in rows}
    said = {one: known.get(one, "") for one in asked}
    if Agreement.YES in said.values() or _is_of_care_team(family, to):
        return
    name = to.user.get_full_name()
    refused = [one for one, answer in said.items() if answer == Agreement.NO]
    if refused:
        message = (
            f"La mère a dit non ({_words(refused[0])}){NBSP}: son dossier ne s’ouvre pas à {name}. Si elle a changé "
            "d’avis, notez-le d’abord dans ses accords."
        )
        raise BusinessError("she_refused", message, field="to")
    if (str(Recipient.PMI), "") in said:
        message = (
            f"Il faut le oui de la mère à la PMI{NBSP}: son dossier ne s’ouvre pas à {name} avant. Notez sa réponse "
            "dans ses accords."
        )
        raise BusinessError("pmi_not_agreed", message, field="to")
    if not is_confirmed:
        raise BusinessError("not_answered", _warning(said, name), field="is_confirmed")


def _asked(family: Family, to: Member, recipient: str, named: str, day: date) -> list[Asked]:
    """The questions that are about her: as whom she reads, else her works in the circle today; none for others."""
    as_whom = RECIPIENT_OF_ROLE.get(to.role, recipient)
    if as_whom:
        return [(str(as_whom), named if as_whom == Recipient.OTHER else "")]
    works = CareCircleMember.objects.running(day).filter(family=family, member=to).order_by("pk")
    found = [RECIPIENT_OF_WORK.get(CircleRole(work)) for work in works.values_list("role", flat=True)]
    return [(str(one), "") for one in found if one is not None]


def _is_of_care_team(family: Family, to: Member) -> bool:
    """Whether her structure carries the pathway that runs: « l'équipe qui vous suit les reçoit toujours »."""
    return bool(Pathway.objects.filter(family=family, carrier=to.structure_id, state__in=rules.RUNNING).exists())


def _words(asked: Asked) -> str:
    recipient, named = asked
    return named or inner(RECIPIENT_WORDS[recipient])


def _warning(said: dict[Asked, str], name: str) -> str:
    is_later = Agreement.LATER in said.values()
    answer = "La mère veut répondre plus tard" if is_later else "La mère n’a pas donné de réponse"
    about = f" ({_words(next(iter(said)))})" if said else ""
    return f"{answer}{about}{NBSP}: demandez-lui, puis cochez si elle est d’accord pour {name}."
