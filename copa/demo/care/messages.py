"""A mother who writes between the visits: her space, what was asked and answered, a message of the evening to read."""

from copa.demo.care.base import Office
from copa.kernel import one_time
from messaging.enums import AccessWay
from messaging.models import Conversation, Message, MessageReading, ParentAccount, WorkingHours
from messaging.rules import DEFAULT_WEEK, next_reading, team_due_at
from pathways.models import Family, Mother
from territories.enums import Role
from territories.models import Territory

SCRIPT = "last_today"
# (days, hour, minute, whether the mother writes, text)
SAID = (
    (-3, 14, 10, True, "Bonjour, le soir elle pleure deux heures avant de s’endormir. C’est normal\u202f?"),
    (-3, 15, 25, False, "Oui, c’est fréquent à cet âge. Peau à peau, bercer, faire le calme. On en parle à ma visite."),
    (-3, 16, 5, True, "Merci, ça me rassure."),
    (-1, 21, 40, True, "Est-ce que mon conjoint peut être là à la prochaine visite\u202f?"),
)
WEEK = {str(day): ["08:30", "16:30"] for day in range(1, 6)}


def write_messages(office: Office) -> None:
    """The space of one mother; her last message came in after hours, and waits."""
    ap = office.member(Role.AP)
    family = Family.objects.filter(pk=office.family(SCRIPT))
    family.update(may_space=True, may_sms=True, is_contact_refused=False, is_phone_shared=False, is_discreet=False)
    office.put(WorkingHours, member_id=ap.pk, week=WEEK, valid_from=office.moment(-20, 9), set_by_id=ap.pk)
    account = _account(office, ap.pk)
    conversation = office.put(Conversation, family_id=account.family_id)
    for days, hour, minute, is_hers, text in SAID:
        message = office.put(
            Message,
            family_id=account.family_id,
            conversation=conversation,
            account=account if is_hers else None,
            by_id=None if is_hers else ap.pk,
            text=text,
            sent_at=office.moment(days, hour, minute),
        )
        if days != SAID[-1][0]:
            reader = ap.pk if is_hers else None
            office.put(MessageReading, message=message, by_id=reader, at=office.moment(days, hour + 1))
    _leave_unread(office, conversation, message)


def _account(office: Office, opened_by: int) -> ParentAccount:
    """The address of the space comes from its key and the secret of the server."""
    key, family = office.uid(), office.family(SCRIPT)
    account: ParentAccount = ParentAccount.objects.create(
        public_id=key,
        family_id=family,
        phone=Mother.objects.values_list("phone", flat=True).get(family=family),
        token_hash=one_time.print_of(one_time.token_of(key)),
        way=AccessWay.PAPER,
        opened_by_id=opened_by,
        opened_at=office.moment(-5, 11),
    )
    office.written += 1
    return account


def _leave_unread(office: Office, conversation: Conversation, last: Message) -> None:
    place = Territory.objects.get(slug=office.place.slug)
    about = {"zone": place.time_zone, "region": place.region_id}
    reads = next_reading(DEFAULT_WEEK, last.sent_at, **about)
    Conversation.objects.filter(pk=conversation.pk).update(
        last_at=last.sent_at,
        unread_since=last.sent_at,
        notice_due_at=reads if reads > office.at else None,
        team_due_at=team_due_at(reads, **about),
    )
