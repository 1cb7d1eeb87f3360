"""The communauté de pratiques (R093): one joins or leaves it, writes, corrects, withdraws, points out, answers."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.identifying import doubts_in, found_in, sentence
from territories.models import Member, Participation, Post, PostFlag, User

GONE = "Ce message est déjà retiré."
NOT_INSIDE = "Vous n’êtes pas dans la communauté."


@transaction.atomic
def join_community(*, by: Member, at: datetime) -> Participation:
    """She takes part from now on; what was written before is not new to her. Raises `participation_once`."""
    with refusals_of(Participation):
        made: Participation = Participation.objects.create(user=by.user, joined_at=at, read_until=at)
    return made


@transaction.atomic
def leave_community(*, by: Member, at: datetime) -> None:
    """She reads no more; what she wrote stays, under the name it was written with. Raises `not_inside`."""
    if not Participation.objects.running().of(by).update(left_at=at):
        raise BusinessError("not_inside", NOT_INSIDE)


@transaction.atomic
def mark_read(*, by: Member, until: datetime, at: datetime) -> None:
    """Nothing written until the moment of the page she saw is new to her any more; what came since still is.

    Marked later from another page, it stays. Raises `not_inside`.
    """
    _check_takes_part(by)
    hers = Participation.objects.running().of(by)
    hers.filter(read_until__lt=min(until, at)).update(read_until=min(until, at))


@transaction.atomic
def open_topic(*, kind: str, title: str, text: str, sure: Collection[str], by: Member, at: datetime) -> Post:
    """A new topic. `sure`: the doubtful words of which she said that they name no family.

    Raises `identifies` beside the field, `doubtful`, `not_inside`.
    """
    _check_names_nobody(sure, title=title, text=text)
    return _written(by, at, kind=kind, title=title.strip(), text=text.strip())


@transaction.atomic
def answer_topic(*, topic: Post, text: str, sure: Collection[str], by: Member, at: datetime) -> Post:
    """One more message below a topic.

    Raises `identifies`, `doubtful`, `not_inside`, and `withdrawn` for a topic that is.
    """
    if not Post.objects.topics().standing().filter(pk=topic.pk).exists():
        raise BusinessError("withdrawn", "Ce sujet est retiré\u00a0: ouvrez-en un autre pour continuer.")
    _check_names_nobody(sure, text=text)
    return _written(by, at, topic=topic, text=text.strip())


def _check_takes_part(by: Member) -> None:
    # The binôme reads what is pointed out without taking part; the wall of the tables would refuse what it writes.
    if not Participation.objects.running().of(by).exists():
        raise BusinessError("not_inside", NOT_INSIDE)


def _written(by: Member, at: datetime, **words: object) -> Post:
    _check_takes_part(by)
    # Her name, function and territory as they stand: whoever reads opens no table of hers.
    made: Post = Post.objects.create(
        author=by.user,
        author_name=by.user.get_full_name(),
        author_function=by.get_role_display(),
        written_from=by.territory,
        place=by.territory.name,
        written_at=at,
        **words,
    )
    return made


@transaction.atomic
def correct_post(*, post: Post, title: str, text: str, sure: Collection[str], by: Member, at: datetime) -> None:
    """Its author puts other words in their place; `title` "" for an answer.

    Raises `identifies`, `doubtful`, and `withdrawn` for a message that is, or is not hers.
    """
    _check_names_nobody(sure, title=title, text=text)
    with refusals_of(Post, beside="title"):
        rows = Post.objects.standing().filter(pk=post.pk, author=by.user)
        if not rows.update(title=title.strip(), text=text.strip(), edited_at=at):
            raise BusinessError("withdrawn", GONE)


@transaction.atomic
def withdraw_post(*, post: Post, by: Member, at: datetime) -> None:
    """Its author takes it back: no word of it is left. Raises `withdrawn`."""
    _withdraw(post, by.user, at, reason="")


@transaction.atomic
def moderate_post(*, post: Post, reason: str, by: Member, at: datetime) -> None:
    """The binôme of its territory withdraws it; its author reads why. Raises `identifies` at `reason`, `withdrawn`."""
    _check_shapes(reason=reason)
    _withdraw(post, by.user, at, reason=reason.strip())


def _withdraw(post: Post, by: User, at: datetime, *, reason: str) -> None:
    changes = {"title": "", "text": "", "withdrawn_at": at, "withdrawn_by": by, "withdrawal_reason": reason}
    if not Post.objects.standing().filter(pk=post.pk).update(**changes):
        raise BusinessError("withdrawn", GONE)
    _settle(post, by, at)


@transaction.atomic
def flag_post(*, post: Post, is_recognisable: bool, words: str, by: Member, at: datetime) -> PostFlag:
    """The binôme of its territory is to look. A family that may be recognised in it hides it from everybody at once.

    Raises `identifies` at `words`, `not_inside`, `withdrawn`, `postflag_once`.
    """
    _check_takes_part(by)
    _check_shapes(words=words)
    if not Post.objects.standing().filter(pk=post.pk).exists():
        raise BusinessError("withdrawn", GONE)
    with refusals_of(PostFlag, beside=""):
        made: PostFlag = PostFlag.objects.create(
            post=post,
            written_from_id=post.written_from_id,
            flagged_by=by.user,
            flagged_at=at,
            is_recognisable=is_recognisable,
            words=words.strip(),
        )
    return made


@transaction.atomic
def keep_post(*, post: Post, by: Member, at: datetime) -> None:
    """What was pointed out may stay, and is read again. Raises `settled` when nobody waits for an answer."""
    if not _settle(post, by.user, at):
        raise BusinessError("settled", "Ce signalement a déjà une réponse.")


def _settle(post: Post, by: User, at: datetime) -> int:
    return PostFlag.objects.filter(post=post, settled_at=None).update(settled_at=at, settled_by=by)


def _check_shapes(**texts: str) -> None:
    """Refuse what tells who somebody is, beside the field where it stands."""
    for field, text in texts.items():
        if found := found_in(text):
            raise BusinessError("identifies", sentence(found), field=field)


def _check_names_nobody(sure: Collection[str], **texts: str) -> None:
    """The same, and ask about words that may be the name of a family until she has said that they are not."""
    _check_shapes(**texts)
    if {doubt for text in texts.values() for doubt in doubts_in(text)} - set(sure):
        raise BusinessError(
            "doubtful",
            "Ces mots peuvent désigner une famille. Récrivez-les («\u00a0une mère\u00a0», «\u00a0son bébé\u00a0»), "
            "ou cochez ceux qui n’en désignent aucune.",
            field="sure",
        )
