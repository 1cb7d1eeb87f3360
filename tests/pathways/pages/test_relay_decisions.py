"""Each decision about a relay on its page: who takes it, what the other side reads, what is refused beside a field."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.french import full_day
from pathways import rules
from pathways.models import PmiRelay, RelayContact, RelayStep, RelayTask
from territories.models import PmiSector
from tests import factories
from tests.cast import LAGON, inside
from tests.pathways.addresses import address

WHY = {"reason": "Le service est fermé en août."}


def today() -> date:
    return timezone.localdate()


def contact_of(**changes: str) -> dict[str, str]:
    return {"on": today().isoformat(), "kind": "visit", "has_met": "oui"} | changes


def outcome_of(**changes: str) -> dict[str, str]:
    return {"outcome": "followed", "on": today().isoformat()} | changes


@pytest.fixture
def relay(vallees: scope.Scope) -> PmiRelay:
    """A relay due today in the sector of Ligny, of a family that Farid’s team follows."""
    relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal")))
    PmiRelay.objects.filter(pk=relay.pk).update(due_on=today())
    return relay


def accepted(relay: PmiRelay) -> None:
    by = factories.who("gaelle")
    PmiRelay.objects.filter(pk=relay.pk).update(state="accepted", answered_at=clock.now(), answered_by=by)


def declined(relay: PmiRelay) -> None:
    by = factories.who("gaelle")
    PmiRelay.objects.filter(pk=relay.pk).update(state="declined", answered_at=clock.now(), answered_by=by)


def to_come(relay: PmiRelay) -> None:
    PmiRelay.objects.filter(pk=relay.pk).update(due_on=today() + timedelta(days=9))


def as_it_is(relay: PmiRelay) -> None:
    """A relay that waits."""


def brecourt() -> dict[str, str]:
    sector = PmiSector.objects.get(structure__name="PMI de Brécourt")
    return {"sector": str(sector.public_id), **WHY}


Prepare = Callable[[PmiRelay], None]
# (page, what stands before, what is sent, who decides, the state after, the kind of step written)
DECISIONS: list[tuple[str, Prepare, Callable[[], dict[str, str]], str, str, str]] = [
    ("relay_decline", as_it_is, lambda: WHY, "gaelle", "declined", "declined"),
    ("relay_reassign", as_it_is, brecourt, "gaelle", "waiting", "reassigned"),
    ("relay_reassign", as_it_is, brecourt, "farid", "waiting", "reassigned"),
    ("relay_reassign", declined, brecourt, "elise", "waiting", "reassigned"),
    ("relay_start", to_come, lambda: WHY, "farid", "waiting", "started"),
    ("relay_again", declined, lambda: WHY, "elise", "waiting", "sent_again"),
    ("relay_close", as_it_is, lambda: WHY, "farid", "not_needed", "not_needed"),
]


@pytest.mark.parametrize(("page", "before", "sent", "who", "state", "step"), DECISIONS)
def test_decision_moves_the_relay_and_keeps_its_reason(
    page: str, before: Prepare, sent: Any, who: str, state: str, step: str, as_: Any, relay: PmiRelay
) -> None:
    before(relay)

    shown = as_(who).get(address(page, relay.public_id))
    done = as_(who).post(address(page, relay.public_id), sent())

    assert (shown.status_code, done.status_code) == (200, 302)
    assert PmiRelay.objects.get().state == state
    written = RelayStep.objects.get()
    assert (written.kind, written.reason, written.by) == (step, WHY["reason"], factories.who(who))


@pytest.mark.parametrize(("page", "before", "sent", "who", "state", "step"), DECISIONS)
def test_decision_without_a_reason_is_refused_beside_it_and_changes_nothing(
    page: str, before: Prepare, sent: Any, who: str, state: str, step: str, as_: Any, relay: PmiRelay
) -> None:
    before(relay)
    was = PmiRelay.objects.values("state", "due_on", "sector", "started_at").get()

    refused = as_(who).post(address(page, relay.public_id), {**sent(), "reason": " "})

    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"] == ["Dites pourquoi."]
    assert PmiRelay.objects.values("state", "due_on", "sector", "started_at").get() == was
    assert not RelayStep.objects.exists()


# Who is refused each page: 404 for whom the relay does not exist, 403 for who sees it and does not decide.
REFUSED = [
    ("relay_decline", {"elise": 403, "farid": 403, "nora": 403, "gina": 404, "amal": 403, "bea": 403, "fanny": 404}),
    ("relay_reassign", {"nora": 403, "olga": 403, "gina": 404, "ines": 404, "bea": 403, "fanny": 404}),
    ("relay_start", {"gaelle": 403, "nora": 403, "gina": 404, "fanny": 404, "emma": 404}),
    ("relay_again", {"gaelle": 403, "nora": 403, "gina": 404, "fanny": 404}),
    ("relay_close", {"gaelle": 403, "nora": 403, "gina": 404, "fanny": 404}),
    ("relay_contact", {"elise": 403, "farid": 403, "nora": 403, "gina": 404}),
    ("relay_outcome", {"elise": 403, "farid": 403, "nora": 403, "gina": 404}),
    ("relay_spoken", {"gaelle": 403, "nora": 403, "gina": 404, "fanny": 404}),
    ("relay_tasks", {"gaelle": 403, "nora": 403, "gina": 404, "fanny": 404}),
]


@pytest.mark.parametrize(("page", "statuses"), REFUSED)
def test_others_may_not_decide_even_with_everything_filled_in(
    page: str, statuses: dict[str, int], as_: Any, relay: PmiRelay
) -> None:
    sent = {**brecourt(), **contact_of(), "outcome": "followed", "text_1": "Peser", "due_on_1": today().isoformat()}

    found = {who: as_(who).post(address(page, relay.public_id), sent).status_code for who in statuses}

    assert found == statuses
    assert PmiRelay.objects.get().state == "waiting"
    for model in (RelayStep, RelayContact, RelayTask):
        assert not model.objects.exists(), model


# ---- The other sector -------------------------------------------------------------------------------------
def test_reassigned_relay_is_seen_by_the_new_service_alone(as_: Any, relay: PmiRelay) -> None:
    as_("gaelle").post(address("relay_reassign", relay.public_id), brecourt())

    assert as_("gaelle").get(address("relay", relay.public_id)).status_code == 404
    assert as_("gina").get(address("relay", relay.public_id)).status_code == 200
    assert WHY["reason"] in as_("farid").get(address("relay", relay.public_id)).content.decode()


def test_sector_of_another_territory_its_own_or_none_is_refused_beside_it(as_: Any, relay: PmiRelay) -> None:
    with scope.opened(inside(LAGON)):
        elsewhere = str(PmiSector.objects.order_by("pk")[:1].get().public_id)
    own = str(PmiSector.objects.get(structure__name="PMI de Ligny").public_id)

    for sector in (elsewhere, own, str(uuid4()), "Ligny", ""):
        refused = as_("farid").post(address("relay_reassign", relay.public_id), {"sector": sector, **WHY})
        assert refused.status_code == 422, sector
        assert "sector" in refused.context["form"].errors, sector

    assert not RelayStep.objects.exists()


# ---- The second key ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("page", "before", "who", "words"),
    [
        ("relay_decline", accepted, "gaelle", "déjà été accepté"),
        ("relay_close", accepted, "farid", "déjà été accepté"),
        ("relay_again", as_it_is, "farid", "attend déjà la réponse"),
        ("relay_start", as_it_is, "farid", "déjà attendue"),
        ("relay_start", declined, "farid", "a été décliné"),
    ],
)
def test_decision_that_comes_too_late_is_told_and_writes_nothing(
    page: str, before: Prepare, who: str, words: str, as_: Any, relay: PmiRelay
) -> None:
    before(relay)

    refused = as_(who).post(address(page, relay.public_id), WHY)

    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert WHY["reason"] in refused.content.decode()
    assert not RelayStep.objects.exists()


def test_relay_is_not_reassigned_once_it_is_accepted(as_: Any, relay: PmiRelay) -> None:
    accepted(relay)

    refused = as_("farid").post(address("relay_reassign", relay.public_id), brecourt())

    assert "déjà été accepté" in refused.content.decode()
    assert PmiRelay.objects.get().sector == relay.sector


def test_declined_relay_leaves_the_pmi_and_comes_back_when_it_is_sent_again(as_: Any, relay: PmiRelay) -> None:
    url = address("relay", relay.public_id)
    as_("gaelle").post(address("relay_decline", relay.public_id), WHY)
    gone = as_("gaelle").get(url)

    as_("farid").post(address("relay_again", relay.public_id), {"reason": "Elle rappelle en septembre."})
    as_("gaelle").post(url, {"next_contact_on": today().isoformat()})

    assert gone.status_code == 404
    assert PmiRelay.objects.get().state == "accepted"


def test_relay_without_the_mothers_agreement_is_not_asked_for(as_: Any, relay: PmiRelay) -> None:
    to_come(relay)
    PmiRelay.objects.update(is_agreed=False)

    refused = as_("farid").post(address("relay_start", relay.public_id), WHY)

    assert "pas donné son accord" in refused.content.decode()
    assert as_("gaelle").get(address("relay_decline", relay.public_id)).status_code == 404


# ---- After the acceptance ---------------------------------------------------------------------------------
def test_contact_and_outcome_are_noted_and_seen_by_the_team(as_: Any, relay: PmiRelay) -> None:
    accepted(relay)
    following = (today() + timedelta(days=20)).isoformat()

    noted = as_("gaelle").post(address("relay_contact", relay.public_id), contact_of(next_contact_on=following))
    said = as_("gaelle").post(address("relay_outcome", relay.public_id), outcome_of())

    assert (noted.status_code, said.status_code) == (302, 302)
    contact, row = RelayContact.objects.get(), PmiRelay.objects.get()
    assert (contact.kind, contact.has_met, contact.by) == ("visit", True, factories.who("gaelle"))
    assert (row.next_contact_on.isoformat(), row.outcome) == (following, "followed")
    page = as_("farid").get(address("relay", relay.public_id)).content.decode()
    assert row.get_outcome_display() in page


def test_next_contact_stands_until_another_one_is_given(as_: Any, relay: PmiRelay) -> None:
    accepted(relay)
    coming = today() + timedelta(days=5)
    PmiRelay.objects.update(next_contact_on=coming)
    url = address("relay_contact", relay.public_id)

    as_("gaelle").post(url, contact_of(kind="call"))
    kept = PmiRelay.objects.get().next_contact_on
    PmiRelay.objects.update(next_contact_on=today())
    as_("gaelle").post(url, contact_of())

    assert kept == coming
    # The contact that was to come took place.
    assert PmiRelay.objects.get().next_contact_on is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": "2099-01-01"}, "on"),
        ({"on": "2020-01-01"}, "on"),
        ({"on": "hier"}, "on"),
        ({"on": ""}, "on"),
        ({"kind": "TELEPATHY"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"has_met": ""}, "has_met"),
        ({"has_met": "peut-être"}, "has_met"),
        ({"next_contact_on": "2020-01-01"}, "next_contact_on"),
        ({"next_contact_on": "2099-01-01"}, "next_contact_on"),
    ],
)
def test_bad_contact_is_refused_beside_its_field(
    changes: dict[str, str], field: str, as_: Any, relay: PmiRelay
) -> None:
    accepted(relay)

    refused = as_("gaelle").post(address("relay_contact", relay.public_id), contact_of(**changes))

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert not RelayContact.objects.exists()


def test_contact_and_outcome_wait_for_the_acceptance(as_: Any, relay: PmiRelay) -> None:
    contact = as_("gaelle").post(address("relay_contact", relay.public_id), contact_of())
    outcome = as_("gaelle").post(address("relay_outcome", relay.public_id), outcome_of())

    for refused in (contact, outcome):
        assert refused.status_code == 422
        assert "pas encore accepté" in refused.content.decode()
    assert not RelayContact.objects.exists()


@pytest.mark.parametrize("outcome", ["", "EATEN"])
def test_unknown_outcome_is_refused_beside_its_field(outcome: str, as_: Any, relay: PmiRelay) -> None:
    accepted(relay)

    refused = as_("gaelle").post(address("relay_outcome", relay.public_id), outcome_of(outcome=outcome))

    assert "outcome" in refused.context["form"].errors
    assert PmiRelay.objects.get().outcome == ""


@pytest.mark.parametrize("on", ["", "hier", "2099-01-01", "2020-01-01"])
def test_outcome_has_its_day_between_the_birth_and_today(on: str, as_: Any, relay: PmiRelay) -> None:
    accepted(relay)

    refused = as_("gaelle").post(address("relay_outcome", relay.public_id), outcome_of(on=on))

    assert list(refused.context["form"].errors) == ["on"]
    assert PmiRelay.objects.get().outcome == ""


def test_outcome_is_shown_with_its_day_its_words_and_the_end_of_the_access(as_: Any, relay: PmiRelay) -> None:
    accepted(relay)
    before = as_("gaelle").get(address("relay", relay.public_id)).content.decode()

    page = as_("gaelle").get(address("relay_outcome", relay.public_id)).content.decode()
    sent = outcome_of(outcome="moved", words="Chez sa sœur, à Ligny.")
    as_("gaelle").post(address("relay_outcome", relay.public_id), sent)

    assert "vous gardez l’accès 30\u00a0jours" in page
    six = rules.sixth_birthday(relay.pathway.birth.day)
    assert f"jusqu’au {full_day(six)}<small>le sixième anniversaire" in before
    for who in ("gaelle", "farid", "elise"):
        told = as_(who).get(address("relay", relay.public_id)).content.decode()
        assert "Chez sa sœur, à Ligny." in told
        assert f"depuis le {full_day(today())}" in told
        assert f"La PMI garde l’accès jusqu’au {full_day(today() + timedelta(days=30))}" in told
    assert (
        as_("gaelle").get(address("relay_outcome", relay.public_id)).context["form"]["words"].value() == sent["words"]
    )


# ---- What the team asks -----------------------------------------------------------------------------------
def test_team_asks_three_things_and_changes_them_until_the_acceptance(as_: Any, relay: PmiRelay) -> None:
    url, on = address("relay_tasks", relay.public_id), today().isoformat()
    as_("farid").post(url, {"text_1": "Peser", "due_on_1": on, "text_3": "Reparler du lit", "due_on_3": on})
    first = list(RelayTask.objects.order_by("rank").values_list("rank", "text"))

    as_("farid").post(url, {"text_2": "Peser dimanche", "due_on_2": on})
    accepted(relay)
    refused = as_("farid").post(url, {"text_1": "Autre chose", "due_on_1": on})

    assert first == [(1, "Peser"), (2, "Reparler du lit")]
    assert list(RelayTask.objects.values_list("text", flat=True).order_by("rank")) == ["Peser dimanche"]
    assert "ne changent plus" in refused.content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text_1": "Peser"}, "due_on_1"),
        ({"due_on_2": "2099-01-01"}, "text_2"),
        ({"text_1": "Peser", "due_on_1": "bientôt"}, "due_on_1"),
        ({"text_1": "x" * 161, "due_on_1": "2099-01-01"}, "text_1"),
        ({"text_3": "Peser", "due_on_3": "2020-01-01"}, "due_on_3"),
    ],
)
def test_bad_task_is_refused_beside_its_field(sent: dict[str, str], field: str, as_: Any, relay: PmiRelay) -> None:
    refused = as_("farid").post(address("relay_tasks", relay.public_id), sent)

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert not RelayTask.objects.exists()
