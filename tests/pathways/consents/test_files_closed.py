"""She stops everything: every file opened by name closes at that instant, and opens again after a slip of the hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import stops
from pathways.actions.families import revoke_grant
from pathways.enums import Agreement, GrantReason, Recipient, WithdrawalReach
from pathways.models import Family, FamilyGrant, Pathway, RecipientConsent, Withdrawal
from territories.models import OutgoingMessage
from tests import factories
from tests.pathways.addresses import address

pytestmark = pytest.mark.usefixtures("vallees")

KEEP, ALL = WithdrawalReach.VISITS_KEEP_SPACE, WithdrawalReach.ALL
CLOSED = "Le dossier s’est refermé pour ceux à qui il était ouvert par leur nom."


def followed() -> Pathway:
    """Amal's family, with a space; Ines and another professional read its file, each by an opening of her own."""
    pathway: Pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(may_space=True)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    factories.make_grant(pathway.family, to=factories.who("marc"), reason=GrantReason.FOLLOWS)
    return pathway


def withdraw(pathway: Pathway, reach: WithdrawalReach = ALL, at: datetime | None = None) -> datetime:
    noted_at = at or clock.now()
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=noted_at, reach=reach)
    return noted_at


def readers(pathway: Pathway) -> set[str]:
    """Those to whom the file is open by name now."""
    running = FamilyGrant.objects.running(clock.now()).filter(content_object=pathway.family_id)
    return set(running.values_list("user__first_name", flat=True))


def file_of(pathway: Pathway) -> str:
    return f"/t/vallees/families/{pathway.family.public_id}/"


def test_withdrawal_of_everything_closes_the_file_at_its_instant(as_: Any) -> None:
    pathway, other = followed(), followed()
    assert as_("ines").get(file_of(pathway)).status_code == 200

    at = withdraw(pathway)

    ends = FamilyGrant.objects.filter(content_object=pathway.family_id).values_list("revoked_at", flat=True)
    assert set(ends) == {at}
    assert as_("ines").get(file_of(pathway)).status_code == 404
    assert as_("marc").get(file_of(pathway)).status_code == 404
    # The nearest neighbour: the same readers, another family.
    assert as_("ines").get(file_of(other)).status_code == 200
    assert as_("amal").get(file_of(pathway)).status_code == 200


def test_withdrawal_ends_an_opening_in_an_emergency(as_: Any) -> None:
    pathway = factories.make_pathway()
    hours = clock.now() + timedelta(hours=2)
    emergency = {"reason": GrantReason.EMERGENCY, "why": "Appel du SAMU à la maison", "expires_at": hours}
    factories.make_grant(pathway.family, to=factories.who("gaelle"), **emergency)
    assert as_("gaelle").get(file_of(pathway)).status_code == 200

    withdraw(pathway)

    assert as_("gaelle").get(file_of(pathway)).status_code == 404


def test_midwife_still_learns_that_it_stops() -> None:
    pathway = followed()

    withdraw(pathway)

    told = OutgoingMessage.objects.filter(to=factories.who("ines").user.email, dedup_key__startswith="ended")
    assert told.count() == 1


@pytest.mark.parametrize(
    ("code", "ends", "answer", "subjects"),
    [
        # A life in danger is told without her agreement: so is that there is nothing more to read of it here.
        ("CHILD_VITAL:CHILD_BLUE", False, Agreement.NO, ["CoPa : une équipe vous demande de l’appeler"]),
        ("CHILD_VITAL:CHILD_BLUE", True, Agreement.NO, []),
        ("CHILD_URGENT:CHILD_FEVER", False, Agreement.NO, []),
        # With it, the mail of the stop asks for the same call already.
        ("CHILD_VITAL:CHILD_BLUE", False, Agreement.YES, ["CoPa : un accompagnement s’arrête"]),
    ],
)
def test_midwife_told_of_a_sign_that_waits_is_asked_to_call_the_team(
    code: str, *, ends: bool, answer: str, subjects: list[str]
) -> None:
    pathway = followed()
    RecipientConsent.objects.filter(family=pathway.family_id).delete()
    factories.make_agreement(pathway.family, Recipient.LIBERAL_MIDWIFE, answer)
    factories.make_alert(pathway, code=code, ended_at=clock.now() if ends else None)

    withdraw(pathway)

    told = OutgoingMessage.objects.filter(to=factories.who("ines").user.email, dedup_key__startswith="ended")
    assert [one.replace("\u00a0", " ") for one in told.values_list("subject", flat=True)] == subjects
    assert all("Appelez-la" in one and "rien à ouvrir" in one for one in told.values_list("body", flat=True))


def test_a_kept_space_leaves_the_files_open_until_she_stops_everything() -> None:
    pathway = followed()
    withdraw(pathway, KEEP)
    assert len(readers(pathway)) == 2

    stops.close_space(pathway=pathway, at=clock.now())

    assert readers(pathway) == set()


def test_withdrawn_twice_the_first_instant_stands() -> None:
    pathway = followed()
    at = withdraw(pathway)

    with pytest.raises(BusinessError):
        withdraw(pathway, at=at + timedelta(minutes=1))

    assert Withdrawal.objects.get().files_closed_at == at
    assert set(FamilyGrant.objects.values_list("revoked_at", flat=True)) == {at}


@pytest.mark.parametrize("closes_later", [False, True])
def test_undoing_opens_again_what_the_withdrawal_closed_and_nothing_else(*, closes_later: bool) -> None:
    pathway = followed()
    ended = factories.who("marc")
    before = clock.now() - timedelta(minutes=5)
    revoke_grant(family=pathway.family, user_id=ended.user_id, at=before)
    withdraw(pathway, KEEP if closes_later else ALL)
    if closes_later:
        stops.close_space(pathway=pathway, at=clock.now())

    stops.undo_withdrawal(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert readers(pathway) == {factories.who("ines").user.first_name}
    assert FamilyGrant.objects.get(user=ended.user_id).revoked_at == before


def test_what_was_opened_by_hand_since_is_left_as_it_is_by_undoing() -> None:
    pathway = followed()
    withdraw(pathway)
    hers = FamilyGrant.objects.filter(user=factories.who("ines").user_id)
    hers.update(revoked_at=None, recipient=Recipient.LIBERAL_MIDWIFE)
    revoke_grant(family=pathway.family, user_id=factories.who("ines").user_id, at=clock.now())

    stops.undo_withdrawal(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert readers(pathway) == {factories.who("marc").user.first_name}


@pytest.mark.parametrize("how", ["leaves the circle", "closed again"])
def test_who_was_shut_out_while_she_had_stopped_does_not_read_again_by_the_undoing(as_: Any, how: str) -> None:
    pathway, ines = followed(), factories.who("ines")
    person = factories.make_circle_member(pathway.family, member=ines)
    at = withdraw(pathway)

    if how == "leaves the circle":
        typed = {"until": timezone.localdate().isoformat(), "reason": "REPLACED"}
        as_("farid").post(address("circle_leave", person.public_id), typed)
    else:
        as_("farid").post(address("open_family", pathway.family.public_id), {"revoke": str(ines.public_id)})
    stops.undo_withdrawal(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert readers(pathway) == {factories.who("marc").user.first_name}
    assert as_("ines").get(file_of(pathway)).status_code == 404
    ended = FamilyGrant.objects.get(user=ines.user_id).revoked_at
    assert ended is not None
    assert ended > at


def test_mail_of_the_undoing_goes_to_those_who_read_again() -> None:
    pathway = followed()
    withdraw(pathway)

    stops.undo_withdrawal(pathway=pathway, by=factories.who("elise"), at=clock.now())

    told = OutgoingMessage.objects.filter(dedup_key__startswith="withdrawal-undone")
    assert factories.who("ines").user.email in told.values_list("to", flat=True)


def test_pages_say_that_the_file_closes(as_: Any) -> None:
    pathway, kept = followed(), followed()
    asked = as_("amal").get(address("withdraw", pathway.public_id)).content.decode()
    withdraw(pathway)
    withdraw(kept, KEEP)

    pages = {
        (name, one.pk): as_("elise").get(address(name, one.family.public_id)).content.decode()
        for name in ("recipients", "circle")
        for one in (pathway, kept)
    }
    closing = as_("elise").get(address("close_space", kept.public_id)).content.decode()
    undoing = as_("elise").get(address("undo_withdrawal", pathway.public_id)).content.decode()

    assert "le dossier se referme pour ceux à qui il était ouvert par leur nom" in asked
    assert "sauf si elle garde son espace" in asked
    assert {key for key, page in pages.items() if CLOSED in page} == {
        ("recipients", pathway.pk),
        ("circle", pathway.pk),
    }
    assert "le dossier se referme" in closing
    assert "s’ouvre de nouveau" in undoing


def two_births() -> tuple[Pathway, Pathway]:
    """A former birth and the last one of one family, both followed; the file is open to Ines for the last one."""
    former = factories.make_pathway(factories.make_birth(days_ago=500))
    running = factories.make_pathway(factories.make_birth(former.family, days_ago=5))
    factories.make_grant(running.family, to=factories.who("ines"))
    return former, running


@pytest.mark.parametrize("is_last_first", [False, True])
def test_withdrawal_about_one_birth_leaves_open_what_serves_the_other(as_: Any, *, is_last_first: bool) -> None:
    first, second = sorted(two_births(), key=lambda one: one.pk, reverse=is_last_first)
    pages = [address(name, first.family.public_id) for name in ("recipients", "circle")]
    asked = as_("elise").get(address("withdraw", first.public_id)).content.decode()

    withdraw(first)
    while_it_runs = readers(first)
    mail = OutgoingMessage.objects.get(to=factories.who("ines").user.email, dedup_key__startswith="ended")
    said = [CLOSED in as_("elise").get(page).content.decode() for page in pages]
    withdraw(second)

    assert while_it_runs == {"Ines"}
    assert "le dossier reste ouvert à ceux à qui il l’est par leur nom" in asked
    assert "Il n’y a rien à ouvrir" not in mail.body
    assert said == [False, False]
    assert readers(second) == set()
    assert [CLOSED in as_("elise").get(page).content.decode() for page in pages] == [True, True]
