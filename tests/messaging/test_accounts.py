"""Who may have a space, and what closes it: her contact rules, a death, a stop, a move; what was a slip comes back."""

from typing import Any

import pytest
import time_machine

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from messaging.actions.accounts import close_account, open_account
from messaging.enums import AccessEnd, AccessWay, SpaceState
from messaging.models import Conversation, ParentAccount
from messaging.reads.standing import standing_of
from messaging.reads.threads import spaces_of
from pathways.actions import stays, stops
from pathways.actions.deaths import note_death, undo_death
from pathways.actions.transfers import accept_transfer
from pathways.enums import WithdrawalReach
from pathways.models import Child, CoParent, Family, FamilyTransfer, Mother, Pathway
from pathways.reads.facts import family_facts
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.messaging import spaces

DAY = "2026-11-03 10:00:00+01:00"


@pytest.fixture(autouse=True)
def _by_day():
    with time_machine.travel(DAY, tick=False):
        yield


def state_of(account: ParentAccount) -> SpaceState:
    return standing_of(family_id=account.family_id, coparent=account.coparent_id, at=clock.now()).state


def closing_of(account: ParentAccount) -> str:
    return ParentAccount.objects.get(pk=account.pk).closing


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"is_phone_shared": True}, "Quelqu’un d’autre lit son téléphone"),
        ({"may_space": False}, "Elle n’a pas choisi l’espace parents."),
        ({"is_contact_refused": True, "may_sms": False, "may_call": False, "may_space": False}, "Elle ne veut pas"),
        ({"through_team_since": "2026-11-01T00:00:00Z"}, "sans l’équipe de référence"),
    ],
    ids=["shared phone", "no written message", "no contact", "through the team"],
)
def test_her_contact_rules_refuse_a_space_with_their_reason(
    vallees: scope.Scope, rule: dict[str, Any], words: str
) -> None:
    family = spaces.followed(**rule).family

    with pytest.raises(BusinessError) as refusal:
        spaces.opened(family)

    assert words in refusal.value.message
    assert ParentAccount.objects.count() == 0


def test_phone_that_is_not_hers_alone_opens_nothing(vallees: scope.Scope) -> None:
    family = spaces.followed().family
    about = {"family": family, "coparent": None, "way": AccessWay.PAPER, "by": factories.who("amal")}

    with pytest.raises(BusinessError, match="cette personne seule"):
        open_account(**about, phone=spaces.PHONE, is_hers_alone=False, at=clock.now())


@pytest.mark.parametrize("is_mothers", [True, False], ids=["hers", "his"])
@pytest.mark.parametrize("is_in_file", [True, False], ids=["in the file", "of an open space"])
def test_phone_of_another_adult_is_refused_beside_it(
    vallees: scope.Scope, *, is_mothers: bool, is_in_file: bool
) -> None:
    family = spaces.followed().family
    coparent = spaces.agreed_coparent(family)
    one, other = (None, coparent) if is_mothers else (coparent, None)
    if is_in_file:
        CoParent.objects.filter(pk=coparent.pk).update(phone=spaces.HIS_PHONE)
        Mother.objects.filter(family=family).update(phone=spaces.PHONE)
    else:
        spaces.opened(family, other)
    about = {"family": family, "coparent": one, "way": AccessWay.PAPER, "by": factories.who("amal")}
    phone = spaces.HIS_PHONE if is_mothers else spaces.PHONE

    with pytest.raises(BusinessError, match="numéro d’un autre adulte") as refusal:
        open_account(**about, phone=phone, is_hers_alone=True, at=clock.now())

    assert refusal.value.field == "phone"
    assert not ParentAccount.objects.filter(coparent=one).exists()


def test_family_that_is_not_included_has_no_space(vallees: scope.Scope) -> None:
    family = factories.make_family(may_space=True)

    with pytest.raises(BusinessError, match="pas incluse"):
        spaces.opened(family)


def test_coparent_who_said_no_word_has_no_space(vallees: scope.Scope) -> None:
    family = spaces.followed().family

    with pytest.raises(BusinessError, match="pas dit oui"):
        spaces.opened(family, CoParent.objects.get(family=family))


def test_one_space_and_one_conversation_for_each_adult(vallees: scope.Scope) -> None:
    family = spaces.followed().family
    spaces.opened(family)
    spaces.opened(family, spaces.agreed_coparent(family))

    with pytest.raises(BusinessError, match="déjà un espace ouvert"):
        spaces.opened(family)

    assert Conversation.objects.filter(family=family).count() == 2


def test_address_leaves_by_sms_only_with_her_yes(vallees: scope.Scope) -> None:
    family = spaces.followed(may_sms=False).family

    with pytest.raises(BusinessError, match="Remettez-lui l’adresse sur papier"):
        spaces.opened(family, way=AccessWay.SMS)

    spaces.opened(family, way=AccessWay.PAPER)
    assert spaces.leaving("account") == []


def test_space_opened_again_keeps_the_conversation_and_changes_the_address(vallees: scope.Scope) -> None:
    account = spaces.opened(spaces.followed().family)
    spaces.write(account)
    close_account(account=account, why=AccessEnd.TEAM, at=clock.now(), by=factories.who("amal"))

    again = spaces.opened(account.family)

    assert spaces.entry(again) != spaces.entry(account)
    assert Conversation.objects.filter(family=account.family_id).count() == 1


# ---- Silence and stops -----------------------------------------------------------------------------------
@pytest.fixture
def both(vallees: scope.Scope) -> tuple[ParentAccount, ParentAccount]:
    family = spaces.followed().family
    return spaces.opened(family), spaces.opened(family, spaces.agreed_coparent(family))


def of(account: ParentAccount) -> Pathway:
    found: Pathway = Pathway.objects.select_related("birth", "family").get(family=account.family_id)
    return found


def test_death_of_the_mother_closes_hers_and_calms_his(both) -> None:
    mother, father = both

    death = factories.make_death(of(mother).birth)

    assert closing_of(mother) == AccessEnd.DIED
    assert (closing_of(father), state_of(father)) == ("", SpaceState.CALM)
    with pytest.raises(BusinessError):
        spaces.opened(mother.family)
    undo_death(death=death, reason="erreur de dossier", by=factories.who("farid"), at=clock.now())
    assert (closing_of(mother), state_of(mother)) == ("", SpaceState.OPEN)


def test_death_of_the_only_child_calms_the_space(both, client) -> None:
    mother, _ = both
    birth = of(mother).birth

    note_death(
        birth=birth,
        child=Child.objects.get(birth=birth),
        by=factories.who("farid"),
        at=clock.now(),
        is_confirmed=True,
    )

    assert (closing_of(mother), state_of(mother)) == ("", SpaceState.CALM)
    spaces.write(mother, "Je voudrais vous parler.")
    assert [one.to for one in spaces.notices()] == [of(mother).carrier.mailbox]


def test_withdrawal_of_everything_closes_both_and_a_slip_brings_them_back(both) -> None:
    pathway, by = of(both[0]), factories.who("amal")

    stops.withdraw_pathway(pathway=pathway, by=by, at=clock.now())
    closed = [closing_of(one) for one in both]
    stops.undo_withdrawal(pathway=pathway, by=by, at=clock.now())

    assert closed == [AccessEnd.WITHDRAWN] * 2
    assert [(closing_of(one), state_of(one)) for one in both] == [("", SpaceState.OPEN)] * 2


def test_withdrawal_of_the_visits_keeps_the_space_until_she_stops_it_too(both) -> None:
    pathway, by = of(both[0]), factories.who("amal")

    reach = WithdrawalReach.VISITS_KEEP_SPACE
    stops.withdraw_pathway(pathway=pathway, by=by, at=clock.now(), reach=reach)
    kept = closing_of(both[0]), state_of(both[0])
    stops.close_space(pathway=pathway, at=clock.now())

    assert kept == ("", SpaceState.OPEN)
    assert closing_of(both[0]) == AccessEnd.WITHDRAWN


def test_pause_keeps_messages_open(both) -> None:
    mother, _ = both
    pathway = of(mother)

    stays.note_stay(
        birth=pathway.birth,
        child=None,
        ward="MATERNITY",
        place="",
        starts_on=clock.now().date(),
        by=factories.who("farid"),
        at=clock.now(),
    )

    assert Pathway.objects.get(pk=pathway.pk).state == "suspended"
    assert state_of(mother) == SpaceState.OPEN
    spaces.write(mother)


def test_family_that_moved_away_has_no_space(both) -> None:
    stops.end_by_move(pathway=of(both[0]), by=factories.who("elise"), at=clock.now())

    assert [closing_of(one) for one in both] == [AccessEnd.MOVED] * 2


def test_yes_of_another_territory_shuts_the_space_before_any_job(cast, client) -> None:
    with scope.opened(inside(VALLEES)):
        mother = spaces.opened(spaces.followed().family)
        transfer = factories.make_transfer(of(mother), by=factories.who("farid"))
    spaces.enter(client, mother)

    with scope.opened(inside(LAGON)):
        accept_transfer(
            transfer=FamilyTransfer.incoming.get(public_id=transfer.public_id),
            maternity=factories.structure(),
            commune=factories.commune(),
            address="",
            is_other_family=False,
            by=factories.who("emma"),
            at=clock.now(),
        )

    assert client.get(spaces.HOME).status_code == 404
    assert client.get(spaces.entry(mother)).status_code == 404


def test_space_of_a_family_whose_phone_became_shared_is_said_to_its_team(both) -> None:
    Family.objects.filter(pk=both[0].family_id).update(is_phone_shared=True)

    hers, his = spaces_of(both[0].family, family_facts(both[0].family_id, clock.now()), clock.now())

    assert "quelqu’un d’autre lit son téléphone" in hers.warning
    assert his.warning == ""
