"""The communauté de pratiques: who reads, in whose name one writes, what is refused, how a message goes (R093)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories.actions import community as actions
from territories.models import HistoryEvent, Member, Participation, Post, PostFlag
from territories.reads import community as reads
from tests import queries
from tests.cast import LAGON, VALLEES, Person, inside
from tests.community import as_member, join, make_answer, make_flag, make_topic

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
HOME = f"/t/{VALLEES}/community/"
THERE = f"/t/{LAGON}/community/"


@pytest.fixture(autouse=True)
def _at() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def people(cast: dict[str, Person]) -> dict[str, Member]:
    """Amal, Élise and Nora of the valleys, Dora and Emma of the lagoon take part; Bea does not."""
    members = {name: person.member for name, person in cast.items() if person.member}
    join(*(members[name] for name in ("amal", "elise", "nora", "dora", "emma")))
    return members


def page(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def of_topic(post: Post, slug: str = VALLEES) -> str:
    return reverse("territories:topic", args=[slug, post.public_id])


def about(name: str, post: Post, slug: str = VALLEES) -> str:
    return reverse(f"territories:{name}", args=[slug, post.public_id])


# ---- Who reads -----------------------------------------------------------------------------------------
def test_colleague_of_another_territory_reads_and_answers(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    client.force_login(people["dora"].user)

    assert "Affiche de présentation" in page(client, THERE)
    assert client.post(of_topic(topic, LAGON), {"text": "Merci, voyez https://sante.example/guide"}).status_code == 302
    shown = page(client, of_topic(topic, LAGON))

    assert "Amal Martin" in shown
    assert "Auxiliaire de puériculture, Vallées de l’Est" in shown
    assert '<a href="https://sante.example/guide" rel="nofollow">' in shown
    client.force_login(people["elise"].user)
    assert "Auxiliaire de puériculture, Lagon" in page(client, of_topic(topic))


def test_whoever_has_not_joined_reads_what_it_is_and_no_message(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    client.force_login(people["bea"].user)

    shown = page(client, HOME)
    assert "Ce que les autres voient de vous" in shown
    assert "Affiche" not in shown
    assert client.get(of_topic(topic)).status_code == 404
    assert client.get(f"{HOME}new/").url == HOME

    client.post(f"{HOME}join/")
    assert "Affiche" in page(client, HOME)
    client.post(f"{HOME}leave/")
    assert "Affiche" not in page(client, HOME)
    assert client.get(of_topic(topic)).status_code == 404


@pytest.mark.parametrize("name", ["marc", "jeanne"])
def test_who_is_of_no_pilot_team_has_no_page_of_it(client, cast: dict[str, Person], name: str) -> None:
    client.force_login(cast[name].user)

    assert client.get(HOME).status_code == 403
    assert client.post(f"{HOME}join/").status_code == 403
    assert "Communauté" not in page(client, reverse("territories:directory", args=[VALLEES]))


def test_joining_twice_is_told_and_changes_nothing(client, people: dict[str, Member]) -> None:
    client.force_login(people["amal"].user)

    shown = client.post(f"{HOME}join/", follow=True).content.decode()

    assert "Vous êtes déjà dans la communauté." in shown
    with as_member(people["amal"]):
        assert Participation.objects.count() == 1


# ---- The wall in the database --------------------------------------------------------------------------
def test_database_shows_no_message_to_who_takes_no_part(people: dict[str, Member]) -> None:
    make_topic(people["amal"])

    with as_member(people["dora"]):
        assert Post.objects.count() == 1
    with as_member(people["bea"]):
        assert Post.objects.count() == 0
        assert Participation.objects.count() == 0
    with scope.opened(inside(VALLEES)):
        assert Post.objects.count() == 0
    assert Post.objects.count() == 0


def test_database_refuses_a_message_in_another_name_or_from_another_territory(people: dict[str, Member]) -> None:
    amal, dora, bea = people["amal"], people["dora"], people["bea"]
    values = {
        "kind": "tool", "title": "Titre", "text": "Texte", "author_name": "x", "author_function": "x", "place": "x",
        "written_at": AT,
    }  # fmt: skip
    for who, author, place in ((amal, dora, amal), (amal, amal, dora), (bea, bea, bea)):
        with (
            as_member(who),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            Post.objects.create(author=author.user, written_from_id=place.territory_id, **values)


def test_database_lets_nobody_change_a_message_of_another_territory_nor_delete_one(people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])

    with as_member(people["dora"]):
        assert Post.objects.filter(pk=topic.pk).update(text="Volé") == 0
    with as_member(people["amal"]), connection.cursor() as cursor:
        cursor.execute("delete from territories_post")
        assert cursor.rowcount == 0


def test_history_says_who_changed_a_message_and_keeps_no_word_of_it(people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"], text="Un mot à oublier")
    with as_member(people["amal"]) as amal:
        actions.withdraw_post(post=topic, by=amal, at=AT)

    with scope.opened(inside(VALLEES)):
        events = list(HistoryEvent.objects.filter(table_name="territories_post").order_by("pk"))
    assert [one.operation for one in events] == ["insert", "update"]
    assert events[1].actor == f"user:{people['amal'].user_id}"
    assert not any("oublier" in f"{one.before}{one.after}" for one in events)


def test_database_refuses_half_a_message(people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    with as_member(people["amal"]):
        for changes in ({"text": ""}, {"title": ""}, {"kind": ""}, {"withdrawn_at": AT}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Post.objects.filter(pk=topic.pk).update(**changes)


# ---- What is refused -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("text", "Elle a le 01 99 00 12 34", "un numéro de téléphone («\u00a001 99 00 12 34\u00a0»)"),
        ("title", "Dossier VA-7K3M9Q", "un numéro ou un lien de dossier («\u00a0VA-7K3M9Q\u00a0»)"),
        ("text", "née\u200b le 3 mars 2026", "une date de naissance"),
    ],
)
def test_identifier_is_refused_beside_its_field_and_the_text_is_kept(
    client, people: dict[str, Member], field: str, value: str, told: str
) -> None:
    client.force_login(people["amal"].user)
    typed = {"kind": "experience", "title": "Notre affiche", "text": "Elle plaît."} | {field: value}

    answer = client.post(f"{HOME}new/", typed)

    assert answer.status_code == 422
    assert told in answer.context["form"].errors[field][0]
    assert value in answer.content.decode()
    with as_member(people["amal"]):
        assert not Post.objects.exists()


def test_the_same_is_refused_in_an_answer_a_correction_a_flag_and_a_reason(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    answer = make_answer(topic, people["amal"])
    bad = "Au 01 99 00 12 34"
    sent = [
        ("dora", of_topic(topic, LAGON), {"text": bad}, "text"),
        ("amal", about("post_edit", answer), {"text": bad}, "text"),
        ("amal", about("post_edit", topic), {"text": "Bien", "title": bad}, "title"),
        ("dora", about("post_flag", answer, LAGON), {"why": "family", "words": bad}, "words"),
        ("elise", about("post_moderate", answer), {"reason": bad}, "reason"),
    ]
    for name, url, typed, field in sent:
        client.force_login(people[name].user)
        response = client.post(url, typed)
        assert response.status_code == 422, url
        assert response.context["form"].has_error(field), url

    with as_member(people["amal"]):
        assert set(Post.objects.values_list("text", flat=True)) == {topic.text, answer.text}
        assert not PostFlag.objects.exists()


def test_words_that_may_name_a_family_are_asked_about_and_pass_once_ticked(client, people: dict[str, Member]) -> None:
    client.force_login(people["amal"].user)
    typed = {"kind": "experience", "title": "Avec Mme Garnier", "text": "La puéricultrice Mme Petit et bébé Léo."}
    url = f"{HOME}new/"

    asked = client.post(url, typed)
    assert asked.status_code == 422
    assert [value for value, _ in asked.context["form"].fields["sure"].choices] == [
        "Mme Garnier", "Mme Petit", "bébé Léo",
    ]  # fmt: skip
    half = client.post(url, typed | {"sure": ["Mme Garnier", "Mme Petit"]})
    assert half.context["form"].has_error("sure")
    # Having ticked « Mme Petit » says nothing of another word written meanwhile.
    other = client.post(url, typed | {"text": "Mme Petit, M. Nouveau", "sure": ["Mme Garnier", "Mme Petit"]})
    assert other.status_code == 422
    done = client.post(url, typed | {"sure": ["Mme Garnier", "Mme Petit", "bébé Léo"]})

    assert done.status_code == 302


def test_tick_beside_a_word_that_has_left_the_text_is_no_mistake(client, people: dict[str, Member]) -> None:
    client.force_login(people["amal"].user)
    typed = {"kind": "tool", "title": "Affiche", "text": "Une collègue, et M. Nouveau.", "sure": ["M. Nouveau"]}

    done = client.post(f"{HOME}new/", typed | {"sure": ["Mme Petit", "M. Nouveau"]})

    assert done.status_code == 302


# ---- How a message goes --------------------------------------------------------------------------------
def test_author_corrects_and_withdraws_hers_alone(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    client.force_login(people["dora"].user)
    assert client.post(about("post_edit", topic, LAGON), {"title": "x", "text": "x"}).status_code == 403
    assert client.post(about("post_withdraw", topic, LAGON)).status_code == 403

    client.force_login(people["amal"].user)
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        client.post(about("post_edit", topic), {"title": "Affiche, version 2", "text": "La nouvelle."})
    shown = page(client, of_topic(topic))
    assert "· corrigé " in shown
    assert "Affiche, version 2" in shown

    make_answer(topic, people["dora"])
    client.post(about("post_withdraw", topic))
    shown = page(client, of_topic(topic))
    assert "Message retiré par son autrice." in shown
    assert "La nouvelle" not in shown
    assert "version 2" not in shown
    assert "Merci, nous l’essayons." in shown
    assert 'name="text"' not in shown
    with as_member(people["amal"]), pytest.raises(BusinessError) as refusal:
        actions.correct_post(post=topic, title="Encore", text="Encore", sure=[], by=people["amal"], at=AT)
    assert refusal.value.code == "withdrawn"


def test_nobody_corrects_the_words_of_a_colleague_of_the_same_territory(people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])

    with as_member(people["elise"]) as elise, pytest.raises(BusinessError) as refusal:
        actions.correct_post(post=topic, title="Autre", text="Autre", sure=[], by=elise, at=AT)

    assert refusal.value.code == "withdrawn"


def test_topic_withdrawn_without_an_answer_leaves_the_list(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    client.force_login(people["amal"].user)
    client.post(about("post_withdraw", topic))

    assert "Aucun sujet pour l’instant" in page(client, HOME)


def test_recognised_family_hides_the_message_until_its_binome_answers(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"], title="Une histoire singulière", text="Ce que nous avons vu.")
    client.force_login(people["dora"].user)
    client.post(about("post_flag", topic, LAGON), {"why": "family", "words": "Tout le village la connaît"})

    for url in (THERE, of_topic(topic, LAGON), f"{THERE}?q=singulière"):
        shown = page(client, url)
        assert "histoire singulière" not in shown
        assert "avons vu" not in shown
    client.force_login(people["emma"].user)
    assert client.post(about("post_keep", topic, LAGON)).status_code == 403

    client.force_login(people["elise"].user)
    shown = page(client, HOME)
    assert "avons vu" in shown
    assert "Tout le village la connaît" in shown
    assert "Dora" not in shown
    client.post(about("post_keep", topic))

    client.force_login(people["dora"].user)
    assert "avons vu" in page(client, of_topic(topic, LAGON))


def test_binome_that_takes_no_part_reads_what_is_pointed_out_and_nothing_else(client, cast: dict[str, Person]) -> None:
    amal, dora, elise = (cast[name].member for name in ("amal", "dora", "elise"))
    join(amal, dora)
    make_topic(amal, title="Rien à redire", text="Un outil.")
    topic = make_topic(amal, text="À revoir.")
    make_flag(topic, dora)
    client.force_login(elise.user)

    shown = page(client, HOME)
    assert "À revoir." in shown
    assert "Rien à redire" not in shown
    assert client.post(about("post_moderate", topic), {"reason": "Trop précis"}).status_code == 302

    assert "À revoir." not in page(client, HOME)
    with as_member(dora):
        assert Post.objects.get(pk=topic.pk).text == ""


def test_binome_that_takes_no_part_answers_no_message_and_points_none_out(client, cast: dict[str, Person]) -> None:
    amal, dora, elise = (cast[name].member for name in ("amal", "dora", "elise"))
    join(amal, dora)
    topic = make_topic(amal)
    make_flag(topic, dora)
    client.force_login(elise.user)

    shown = page(client, of_topic(topic))
    assert 'name="text"' not in shown
    assert "Vous ne prenez pas part à la communauté" in shown
    assert about("post_flag", topic) not in shown
    sent = client.post(of_topic(topic), {"text": "Merci."})

    assert sent.status_code == 422
    assert sent.context["form"].non_field_errors() == ["Vous n’êtes pas dans la communauté."]
    assert client.post(about("post_flag", topic), {"why": "other"}).status_code == 403
    with as_member(dora):
        assert (Post.objects.count(), PostFlag.objects.count()) == (1, 1)


def test_withdrawal_with_its_reason_is_told_to_the_author_until_she_has_read(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    answer = make_answer(topic, people["amal"], "Trop de détails.")
    client.force_login(people["elise"].user)
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        client.post(about("post_moderate", answer), {"reason": "On la reconnaîtrait"})

    client.force_login(people["dora"].user)
    shown = page(client, of_topic(topic, LAGON))
    assert "Message retiré par le binôme de son territoire, Vallées de l’Est." in shown
    assert "On la reconnaîtrait" not in shown
    client.force_login(people["amal"].user)
    assert "On la reconnaîtrait" in page(client, HOME)
    assert "On la reconnaîtrait" in page(client, of_topic(topic))
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        client.post(f"{HOME}read/")
    assert "On la reconnaîtrait" not in page(client, HOME)


def test_message_somebody_withdrew_meanwhile_is_told_on_the_page_of_the_community(
    client, people: dict[str, Member]
) -> None:
    topic = make_topic(people["amal"])
    with as_member(people["amal"]) as amal:
        actions.withdraw_post(post=topic, by=amal, at=AT)

    for name, who, slug in (
        ("post_withdraw", "amal", VALLEES),
        ("post_edit", "amal", VALLEES),
        ("post_flag", "dora", LAGON),
        ("post_moderate", "elise", VALLEES),
        ("post_keep", "elise", VALLEES),
    ):
        client.force_login(people[who].user)
        answer = client.post(about(name, topic, slug), follow=True)
        assert answer.redirect_chain == [(HOME if slug == VALLEES else THERE, 302)]
        assert "Ce message est déjà retiré." in answer.content.decode()


def test_nobody_judges_her_own_message(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["elise"])
    make_flag(topic, people["dora"])

    client.force_login(people["elise"].user)
    assert client.post(about("post_keep", topic)).status_code == 403
    client.force_login(people["nora"].user)
    assert client.post(about("post_keep", topic)).status_code == 302


def test_binome_counts_in_its_menu_what_is_pointed_out(client, people: dict[str, Member]) -> None:
    make_flag(make_topic(people["amal"]), people["dora"])

    found = {}
    for name, url in (("elise", HOME), ("emma", THERE)):
        client.force_login(people[name].user)
        nav = client.get(url).context["shell"].nav
        found[name] = next(item.count for item in nav if item.label == "Communauté")
    assert found == {"elise": 1, "emma": None}


def test_message_is_pointed_out_once_by_each(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    make_flag(topic, people["dora"])
    client.force_login(people["dora"].user)

    answer = client.post(about("post_flag", topic, LAGON), {"why": "other"})

    assert answer.status_code == 422
    assert "Vous avez déjà signalé ce message." in answer.content.decode()


# ---- The list ------------------------------------------------------------------------------------------
def test_list_is_searched_and_filtered(client, people: dict[str, Member]) -> None:
    make_topic(people["amal"], kind="difficulty", title="Trouver des créneaux")
    poster = make_topic(people["dora"], title="Affiche")
    make_answer(poster, people["emma"], "Nous l’avons traduite.")
    client.force_login(people["amal"].user)

    def titles(asked: str) -> list[str]:
        return [one.title for one in client.get(f"{HOME}{asked}").context["page"].object_list]

    assert titles("?type=difficulty") == ["Trouver des créneaux"]
    assert titles("?q=TRADUITE") == ["Affiche"]
    assert titles("?q=creneaux") == titles("?q=CRÉNEAUX") == titles("?q=creneaux+trouver") == ["Trouver des créneaux"]
    assert titles("?q=traduite+creneaux") == []
    assert titles("?q=créneaux&type=tool") == []
    assert titles("?type=nonsense&q=%00") == ["Affiche", "Trouver des créneaux"]


def test_what_came_after_the_page_was_shown_stays_new(client, people: dict[str, Member]) -> None:
    make_topic(people["dora"], title="Vu", at=AT + timedelta(minutes=1))
    client.force_login(people["amal"].user)

    with time_machine.travel(AT + timedelta(minutes=2), tick=False):
        shown_at = client.get(HOME).context["shown_at"]
    make_topic(people["dora"], title="Paru depuis", at=AT + timedelta(minutes=3))
    with time_machine.travel(AT + timedelta(minutes=4), tick=False):
        for typed in (shown_at, AT.isoformat()):
            assert client.post(f"{HOME}read/", {"shown_at": typed}).status_code == 302
            new = {one.title for one in client.get(HOME).context["page"].object_list if one.is_new}
            assert new == {"Paru depuis"}
        client.post(f"{HOME}read/", {"shown_at": (AT + timedelta(days=900)).isoformat()})
        with as_member(people["amal"]) as amal:
            assert Participation.objects.running().of(amal).get().read_until == AT + timedelta(minutes=4)


def test_what_others_wrote_since_is_new_until_it_is_read(client, people: dict[str, Member]) -> None:
    later = AT + timedelta(hours=1)
    make_topic(people["amal"], title="Le mien", at=later)
    old = make_topic(people["dora"], title="Ancien", at=AT)
    make_topic(people["dora"], title="Récent", at=later)
    client.force_login(people["amal"].user)

    def new() -> set[str]:
        return {one.title for one in client.get(HOME).context["page"].object_list if one.is_new}

    assert new() == {"Récent"}
    make_answer(old, people["emma"], at=later)
    assert new() == {"Récent", "Ancien"}
    with time_machine.travel(later, tick=False):
        client.post(f"{HOME}read/")
    assert new() == set()


def test_one_message_and_twenty_cost_the_same(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    make_answer(topic, people["dora"])
    make_flag(topic, people["dora"])
    client.force_login(people["elise"].user)
    before = [queries.count(client, url) for url in (HOME, of_topic(topic))]
    for number in range(10):
        make_flag(make_topic(people["amal"], title=f"Sujet {number}"), people["dora"])
        make_answer(topic, people["emma"])

    assert [queries.count(client, url) for url in (HOME, of_topic(topic))] == before


def test_long_list_is_cut_into_pages(client, people: dict[str, Member]) -> None:
    for number in range(reads.PAGE + 1):
        make_topic(people["amal"], title=f"Sujet {number}", at=AT + timedelta(minutes=number))
    client.force_login(people["dora"].user)

    assert len(client.get(THERE).context["page"].object_list) == reads.PAGE
    assert [one.title for one in client.get(f"{THERE}?page=2").context["page"].object_list] == ["Sujet 0"]


def test_name_stays_as_it_was_when_she_wrote(client, people: dict[str, Member]) -> None:
    topic = make_topic(people["amal"])
    people["amal"].user.last_name = "Durand"
    people["amal"].user.save(update_fields=["last_name"])
    client.force_login(people["dora"].user)

    assert "Amal Martin" in page(client, of_topic(topic, LAGON))
