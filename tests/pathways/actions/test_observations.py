"""The observations log: for whom it is written, never edited, taken back by its author (R222)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways import perms
from pathways.actions.observations import note_observation, withdraw_observation
from pathways.models import Birth, Observation, Pathway, RecipientConsent
from pathways.rules.pathways import STOPPED
from tests.access.row import INSIDERS
from tests.factories import make_birth, make_grant, make_pathway, who
from tests.pathways.addresses import address


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=5)


def note(pathway: Pathway, *recipients: str, **changes: object) -> Observation:
    at = clock.now()
    fields = {"domain": "V9", "fact": "La tante passe chaque soir.", "source": "visit", "author": who("amal")}
    moments = {"at": at, "recorded_at": at}
    row = note_observation(family=pathway.family, recipients=recipients or ["team"], **(moments | fields | changes))
    assert row is not None
    return row


def test_fact_sent_twice_is_written_once(pathway: Pathway) -> None:
    key = uuid4()

    assert note(pathway, submission_id=key).pk == note(pathway, submission_id=key).pk
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(("days", "is_told"), [(299, True), (301, False)])
def test_fact_of_before_the_pregnancy_is_refused(pathway: Pathway, days: int, is_told: bool) -> None:
    seen_at = pathway.birth.at - timedelta(days=days)

    if is_told:
        assert note(pathway, at=seen_at).at == seen_at
    else:
        with pytest.raises(BusinessError) as refusal:
            note(pathway, at=seen_at)
        assert (refusal.value.code, refusal.value.field) == ("long_past", "at")


@pytest.mark.parametrize(
    ("recipients", "readers"),
    [
        (["team"], {"amal", "elise", "farid"}),
        (["ap"], {"amal"}),
        (["liberal_midwife"], {"amal", "ines"}),
        (["pmi_doctor"], {"amal", "nora"}),
        (["pmi"], {"amal", "gaelle"}),
        (["cpp"], {"amal", "olga"}),
        (["team", "pmi"], {"amal", "elise", "farid", "gaelle"}),
    ],
)
def test_observation_is_read_by_its_declared_recipients_only(
    vallees: scope.Scope, recipients: list[str], readers: set[str]
) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=5)
    make_grant(pathway.family, to=who("ines"))
    make_grant(pathway.family, to=who("marc"))
    row = note(pathway, *recipients)

    found = {name for name in INSIDERS if perms.READ_OBSERVATION.allows(who(name), row)}

    assert found == readers


def test_observation_for_the_auxiliary_is_not_read_by_her_neighbour(pathway: Pathway) -> None:
    row = note(pathway, "ap", author=who("farid"))

    assert perms.READ_OBSERVATION.allows(who("amal"), row)
    assert not perms.READ_OBSERVATION.allows(who("bea"), row)


@pytest.mark.parametrize("domain", ["V3", "V4", "V7"])
def test_protected_situation_is_not_an_observation(pathway: Pathway, domain: str) -> None:
    with pytest.raises(BusinessError, match="se signale à l’équipe"):
        note(pathway, domain=domain)

    assert not Observation.objects.exists()


def test_observation_without_words_or_in_the_future_is_refused(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="vu ou entendu"):
        note(pathway, fact=" ")
    at = clock.now()
    with pytest.raises(BusinessError, match="passé"):
        note_observation(
            family=pathway.family, domain="V9", fact="x", recipients=["team"], source="call", author=who("amal"),
            at=at + timedelta(seconds=1), recorded_at=at,
        )  # fmt: skip


def test_observation_for_nobody_is_refused(pathway: Pathway) -> None:
    at = clock.now()
    with pytest.raises(BusinessError, match="pour qui"):
        note_observation(
            family=pathway.family, domain="V9", fact="x", recipients=[], source="call", author=who("amal"),
            at=at, recorded_at=at,
        )  # fmt: skip


def test_observation_is_withdrawn_once_with_a_reason_and_stays(pathway: Pathway) -> None:
    row = note(pathway)
    with pytest.raises(BusinessError, match="pourquoi"):
        withdraw_observation(observation=row, reason="", at=clock.now())

    withdraw_observation(observation=row, reason="mauvaise famille", at=clock.now())

    kept = Observation.objects.get()
    assert (kept.fact, kept.withdrawn_reason) == ("La tante passe chaque soir.", "mauvaise famille")
    with pytest.raises(BusinessError, match="déjà retirée"):
        withdraw_observation(observation=row, reason="encore", at=clock.now())


def test_database_refuses_to_edit_or_delete_an_observation(pathway: Pathway) -> None:
    row = note(pathway)

    for change in ({"fact": "autre"}, {"recipients": ["pmi"]}, {"author": who("farid")}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            Observation.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        Observation.objects.filter(pk=row.pk).delete()


def test_only_its_author_withdraws_it(pathway: Pathway) -> None:
    row = note(pathway, "team")

    assert perms.WITHDRAW_OBSERVATION.allows(who("amal"), row)
    assert not any(perms.WITHDRAW_OBSERVATION.allows(who(name), row) for name in ("bea", "elise", "farid", "nora"))


# ---- The mother's answers decide for those outside the team (R222, A16) ------------------------------------
KINDS = [("liberal_midwife", "LIBERAL_MIDWIFE", "ines"), ("pmi", "PMI", "gaelle")]


def answered(pathway: Pathway, recipient: str, answer: str) -> None:
    """What the mother says now for this recipient; "" for a question never asked."""
    rows = RecipientConsent.objects.filter(family=pathway.family, recipient=recipient)
    if answer:
        rows.update(answer=answer)
    else:
        rows._raw_delete(rows.db)


@pytest.mark.parametrize(("kind", "recipient", "reader"), KINDS)
@pytest.mark.parametrize("answer", ["NO", "LATER", ""])
def test_observation_for_a_kind_not_agreed_to_is_neither_read_nor_written(
    pathway: Pathway, kind: str, recipient: str, reader: str, answer: str
) -> None:
    make_grant(pathway.family, to=who(reader))
    row = note(pathway, kind)
    assert perms.READ_OBSERVATION.allows(who(reader), row)

    answered(pathway, recipient, answer)

    assert not perms.READ_OBSERVATION.allows(who(reader), row)
    assert perms.READ_OBSERVATION.allows(who("amal"), row)
    with pytest.raises(BusinessError) as refusal:
        note(pathway, "team", kind)
    assert (refusal.value.code, refusal.value.field) == ("may_not_send", "recipients")
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(("kind", "recipient", "reader"), KINDS)
@pytest.mark.parametrize("stop", [*sorted(STOPPED), "silence"])
def test_stop_hides_the_observation_from_those_outside_the_team(
    pathway: Pathway, kind: str, recipient: str, reader: str, stop: str
) -> None:
    make_grant(pathway.family, to=who(reader))
    row = note(pathway, kind, "team")

    if stop == "silence":
        Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)
    else:
        Pathway.objects.filter(pk=pathway.pk).update(state=stop)

    assert not perms.READ_OBSERVATION.allows(who(reader), row)
    assert perms.READ_OBSERVATION.allows(who("farid"), row)
    with pytest.raises(BusinessError, match="rien ne part"):
        note(pathway, kind)


def test_a_new_birth_opens_again_what_an_old_stop_had_hidden(pathway: Pathway) -> None:
    make_pathway(make_birth(pathway.family, days_ago=800), ap=who("amal"), state="withdrawn")
    make_grant(pathway.family, to=who("ines"))

    assert perms.READ_OBSERVATION.allows(who("ines"), note(pathway, "liberal_midwife"))


def test_midwife_reads_what_she_wrote_herself_after_the_mother_said_no(pathway: Pathway) -> None:
    make_grant(pathway.family, to=who("ines"))
    row = note(pathway, "team", author=who("ines"))

    answered(pathway, "LIBERAL_MIDWIFE", "NO")

    assert perms.READ_OBSERVATION.allows(who("ines"), row)


def test_page_says_beside_the_tiles_who_may_not_be_written_to(as_: Any, pathway: Pathway) -> None:
    answered(pathway, "PMI", "NO")
    url = address("observations", pathway.family.public_id)
    sent = {"fact": "La tante passe.", "domain": "V9", "source": "call", "recipients": ["team", "pmi"]}
    client = as_("amal")

    page = client.get(url).content.decode()
    refused = client.post(url, sent | {"at": timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")})

    assert "Équipe de PMI (pas pour l’instant)" in page
    assert refused.status_code == 422
    assert "ne souhaite pas" in str(refused.context["form"].errors["recipients"])
    assert not Observation.objects.exists()


# ---- What a liberal midwife writes about (R112) ----------------------------------------------------------------
def test_topic_is_the_liberal_midwifes_alone(pathway: Pathway) -> None:
    make_grant(pathway.family, to=who("ines"))

    row = note(pathway, author=who("ines"), midwife_topic="POSTPARTUM")

    assert row.midwife_topic == "POSTPARTUM"
    for name in ("amal", "farid", "gaelle"):
        with pytest.raises(BusinessError) as refusal:
            note(pathway, author=who(name), midwife_topic="POSTPARTUM")
        assert refusal.value.code == "not_midwife"
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(("days_ago", "is_refused"), [(20, False), (21, False), (22, True)])
def test_newborn_is_hers_for_three_weeks(vallees: scope.Scope, days_ago: int, is_refused: bool) -> None:
    made = make_pathway(ap=who("amal"), days_ago=days_ago)
    make_grant(made.family, to=who("ines"))

    if is_refused:
        with pytest.raises(BusinessError) as refusal:
            note(made, author=who("ines"), midwife_topic="NEWBORN")
        assert refusal.value.code == "too_old"
        note(made, author=who("ines"), midwife_topic="BREASTFEEDING")
    else:
        assert note(made, author=who("ines"), midwife_topic="NEWBORN").midwife_topic == "NEWBORN"


def test_page_offers_topics_to_the_liberal_midwife_and_shows_them(as_: Any, pathway: Pathway) -> None:
    make_grant(pathway.family, to=who("ines"))
    note(pathway, author=who("ines"), midwife_topic="WELL_BEING")
    url = address("observations", pathway.family.public_id)

    assert "midwife_topic" in as_("ines").get(url).content.decode()
    read = as_("farid").get(url).content.decode()
    assert "midwife_topic" not in read
    assert "<strong>Bien-être</strong>" in read
