"""The answer of an outside professional by her one-time link: the code again, then the one answer it is good for."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions import answer_links, orientations
from pathways.actions.shared import hold_family
from pathways.reads.routing import orientation_blocked
from pathways.rules.orientations import ANSWERS


def answer_by_link(*, found: answer_links.Opening, reply: orientations.Reply, at: datetime) -> None:
    """Write the answer and use the link up, all or nothing, under the lock of the family.

    Raises `link_dead` for a second answer, a withdrawal or a stop that came first, and what `record_reply` raises.
    """
    if reply.answer not in ANSWERS:
        raise BusinessError("unknown_answer", "Choisissez une des trois réponses.", field="answer")
    with transaction.atomic():
        hold_family(family_id=found.link.family_id, pathway_id=found.orientation.pathway_id)
        is_open = not orientation_blocked(found.orientation)
        if not is_open or not answer_links.use_up(link=found.link, at=at):
            raise BusinessError("link_dead", "Ce lien ne sert plus. L’équipe qui vous l’a envoyé peut en refaire un.")
        orientations.record_reply(orientation=found.orientation, reply=reply, at=at)
