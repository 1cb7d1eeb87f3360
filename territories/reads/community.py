"""What the pages show of the communauté de pratiques (R093): its topics, one of them, what was pointed out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat

from copa.kernel.french import normalised
from territories import perms
from territories.enums import PostKind
from territories.models import Member, Participation, Post, PostFlag

PAGE = 20
ANSWERS = 50
# The oldest first: the others come up as these are answered.
POINTED_OUT = 20


class Folded(Func):
    """A text without its accents nor capitals, as `normalised` writes what is searched; its signs stay."""

    template = r"lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'))"
    output_field = TextField()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """One topic of the list. `title` "" once it is withdrawn or hidden; `answers` counts those that stand."""

    public_id: UUID
    title: str
    kind: str
    author: str
    answers: int
    last_at: datetime
    is_new: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in words. `gone` says who withdrew it, "" while it stands; `reason` is for its author alone."""

    public_id: UUID
    author: str
    function: str
    text: str
    written_at: datetime
    edited_at: datetime | None
    gone: str
    reason: str
    is_hidden: bool
    is_mine: bool
    is_flagged: bool
    may_correct: bool
    may_withdraw: bool
    may_flag: bool
    may_moderate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """A topic with a page of its answers; `title` "" once withdrawn, or hidden from this reader.

    `may_answer`: it stands, and the reader takes part.
    """

    public_id: UUID
    title: str
    kind: str
    opening: Message
    answers: "Page[Message]"
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PointedOut:
    """One message that waits for the binôme: what was said of it, by how many people, none of them named."""

    public_id: UUID
    title: str
    text: str
    author: str
    written_at: datetime
    people: int
    is_recognisable: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message of the reader that somebody of her binôme withdrew since she last read."""

    topic_id: UUID
    written_at: datetime
    reason: str


def participation(member: Member) -> Participation | None:
    """Her running participation; None while she takes no part."""
    return Participation.objects.running().of(member).first()


def topics(member: Member, inside: Participation, kind: str, words: str, page: str) -> "Page[TopicLine]":
    """The topics of this kind ("" for any) that hold these words, the last answered first; two queries.

    Every word in one message, whatever its accents.
    """
    rows: Any = _matching(member, words)
    rows = rows.filter(kind=kind) if kind else rows
    found: Page[Any] = Paginator(_dated(rows, member, inside), PAGE).get_page(page)
    found.object_list = [_topic_line(row) for row in found.object_list]
    return found


def counts(member: Member, words: str) -> dict[str, int]:
    """How many topics of each kind hold these words; one query."""
    rows = _matching(member, words).order_by().values("kind").annotate(number=Count("pk"))
    found = {row["kind"]: row["number"] for row in rows}
    return {kind: found.get(kind, 0) for kind in PostKind.values}


def _matching(member: Member, words: str) -> Any:
    rows: Any = perms.READ_COMMUNITY.rows(member).topics()
    # A withdrawn topic stays for what was answered below it.
    rows = rows.filter(Q(withdrawn_at=None) | Exists(Post.objects.standing().filter(topic=OuterRef("pk"))))
    if not words:
        return rows
    # Never in what is hidden: finding it there would read it.
    told = Concat("title", Value(" "), "text", output_field=TextField())
    holding: Any = Post.objects.readable().annotate(said=Folded(told))
    # Signs alone are no word of anything.
    asked = normalised(words).split() or [words]
    for word in asked:
        holding = holding.filter(said__contains=word)
    return rows.filter(Exists(holding.filter(Q(pk=OuterRef("pk")) | Q(topic=OuterRef("pk")))))


def _dated(rows: Any, member: Member, inside: Participation) -> Any:
    answers = Post.objects.standing().filter(topic=OuterRef("pk")).order_by()
    last = answers.order_by("-written_at", "-pk").values("written_at")[:1]
    number = answers.values("topic").annotate(number=Count("pk")).values("number")
    thread = Post.objects.standing().filter(Q(pk=OuterRef("pk")) | Q(topic=OuterRef("pk")))
    since = thread.filter(written_at__gt=inside.read_until).exclude(author=member.user_id)
    dated = rows.with_hidden().annotate(
        last_at=Coalesce(Subquery(last), "written_at"), answers=Coalesce(Subquery(number), 0), is_new=Exists(since)
    )
    return dated.order_by("-last_at", "-pk")


def _topic_line(row: Any) -> TopicLine:
    return TopicLine(
        public_id=row.public_id,
        title="" if row.is_hidden else row.title,
        kind=PostKind(row.kind).label,
        author=f"{row.author_name}, {row.place}",
        answers=row.answers,
        last_at=row.last_at,
        is_new=row.is_new,
        is_hidden=row.is_hidden,
    )


def topic_page(topic: Post, member: Member, page: str) -> TopicPage:
    """One topic and its answers, the oldest first; four queries."""
    opening = _asked(Post.objects.filter(pk=topic.pk), member).get()
    rows = _asked(Post.objects.filter(topic=topic), member).order_by("written_at", "pk")
    answers: Page[Any] = Paginator(rows, ANSWERS).get_page(page)
    answers.object_list = [_message(row, member) for row in answers.object_list]
    first = _message(opening, member)
    return TopicPage(
        public_id=opening.public_id,
        title="" if first.is_hidden and not first.is_mine else opening.title,
        kind=PostKind(opening.kind).label,
        opening=first,
        answers=answers,
        may_answer=not first.gone and perms.WRITE_IN_COMMUNITY.rows(member).exists(),
    )


def last_page(topic: Post) -> int:
    """The number of the page on which the newest answer stands."""
    return max(1, -(-Post.objects.filter(topic=topic).count() // ANSWERS))


def _asked(rows: Any, member: Member) -> Any:
    asked = (perms.CORRECT_POST, perms.WITHDRAW_POST, perms.FLAG_POST, perms.MODERATE_POST)
    names = ("may_correct", "may_withdraw", "may_flag", "may_moderate")
    held = {name: Exists(perm.rows(member).filter(pk=OuterRef("pk"))) for name, perm in zip(names, asked, strict=True)}
    hers = PostFlag.objects.filter(post=OuterRef("pk"), flagged_by=member.user_id)
    return rows.with_hidden().annotate(is_flagged=Exists(hers), **held)


def _message(row: Any, member: Member) -> Message:
    is_mine = row.author_id == member.user_id
    is_shown = is_mine or not row.is_hidden
    return Message(
        public_id=row.public_id,
        author=row.author_name,
        function=f"{row.author_function}, {row.place}",
        text=row.text if is_shown else "",
        written_at=row.written_at,
        edited_at=row.edited_at if is_shown else None,
        gone=_gone(row),
        reason=row.withdrawal_reason if is_mine else "",
        is_hidden=row.is_hidden,
        is_mine=is_mine,
        is_flagged=row.is_flagged,
        may_correct=row.may_correct,
        may_withdraw=row.may_withdraw,
        may_flag=row.may_flag and not row.is_flagged,
        may_moderate=row.may_moderate,
    )


def _gone(row: Any) -> str:
    if row.withdrawn_at is None:
        return ""
    if row.withdrawn_by_id == row.author_id:
        return "Message retiré par son autrice."
    return f"Message retiré par le binôme de son territoire, {row.place}."


def pointed_out(member: Member) -> list[PointedOut]:
    """What waits for her answer, the oldest first; two queries, none for who answers nothing."""
    if not perms.MODERATE_POST.is_held_by(member):
        return []
    rows: Any = perms.MODERATE_POST.rows(member).pointed_out()
    posts = list(rows.select_related("topic").order_by("written_at", "pk")[:POINTED_OUT])
    flags: dict[int, list[PostFlag]] = {}
    waiting = PostFlag.objects.filter(post__in=[post.pk for post in posts], settled_at=None)
    for flag in waiting.order_by("flagged_at", "pk"):
        flags.setdefault(flag.post_id, []).append(flag)
    return [_pointed_out(post, flags.get(post.pk, [])) for post in posts]


def _pointed_out(post: Any, flags: list[PostFlag]) -> PointedOut:
    return PointedOut(
        public_id=post.public_id,
        title=post.title,
        text=post.text,
        author=post.author_name,
        written_at=post.written_at,
        people=len(flags),
        is_recognisable=any(flag.is_recognisable for flag in flags),
        words=tuple(flag.words for flag in flags if flag.words),
    )


def one_pointed_out(post: Post) -> PointedOut:
    """A message with what was said of it, nothing when somebody withdraws it of her own."""
    return _pointed_out(post, list(PostFlag.objects.filter(post=post, settled_at=None).order_by("flagged_at", "pk")))


def taken(member: Member, inside: Participation) -> list[Taken]:
    """Her messages that the binôme withdrew since she last said she had read; one query."""
    rows: Any = perms.READ_COMMUNITY.rows(member).filter(author=member.user_id, withdrawn_at__gt=inside.read_until)
    rows = rows.exclude(withdrawn_by=member.user_id).select_related("topic").order_by("withdrawn_at", "pk")
    return [
        Taken(topic_id=(row.topic or row).public_id, written_at=row.written_at, reason=row.withdrawal_reason)
        for row in rows
    ]
