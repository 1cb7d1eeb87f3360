"""Rows of the communauté de pratiques: its walls ask who writes, so each is written as its author's request would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from copa.kernel import clock, scope
from territories.actions import community as actions
from territories.models import Member, Post, PostFlag
from tests.cast import Person


@contextmanager
def as_member(member: Member) -> Iterator[Member]:
    """The scope of a request of this member."""
    place = scope.Scope(
        actor=f"user:{member.user_id}",
        user_id=member.user_id,
        territory_id=member.territory_id,
        slug=member.territory.slug,
    )
    with scope.opened(place):
        yield member


def join(*members: Member) -> None:
    """They take part."""
    for member in members:
        with as_member(member):
            actions.join_community(by=member, at=clock.now())


def make_topic(by: Member, *, at: datetime | None = None, **fields: Any) -> Post:
    """A topic of this member, who takes part; a tool unless told otherwise."""
    values = {"kind": "tool", "title": "Affiche de présentation", "text": "Notre affiche pour les chambres."} | fields
    with as_member(by):
        return actions.open_topic(**values, sure=[], by=by, at=at or clock.now())


def make_answer(topic: Post, by: Member, text: str = "Merci, nous l’essayons.", *, at: datetime | None = None) -> Post:
    """An answer of this member below a topic."""
    with as_member(by):
        return actions.answer_topic(topic=topic, text=text, sure=[], by=by, at=at or clock.now())


def make_flag(post: Post, by: Member, *, is_recognisable: bool = False, words: str = "") -> PostFlag:
    """This member points a message out."""
    with as_member(by):
        return actions.flag_post(post=post, is_recognisable=is_recognisable, words=words, by=by, at=clock.now())


def world(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A topic of Amal answered by Dora of the other territory, and an answer of hers that Dora pointed out.

    Bea, her neighbour, takes no part.
    """
    names = ("amal", "elise", "farid", "ines", "nora", "dora")
    amal, *_, dora = members = [cast[name].member for name in names]
    join(*members)
    topic = make_topic(amal)
    make_answer(topic, dora)
    answer = make_answer(topic, amal, "Nous la changeons chaque mois.")
    make_flag(answer, dora)
    return {"topic": topic, "post": answer, "withdrawn_post": make_answer(topic, amal, "Je me corrige.")}
