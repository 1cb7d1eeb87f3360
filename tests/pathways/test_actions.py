"""What the actions accept and refuse. Nothing is stored by a refusal."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import alerts, births, families, inclusion, proposals, relays, stops
from pathways.actions.shared import refusals_of
from pathways.enums import Agreement, AlertKind, PathwayState, Recipient
from pathways.models import (
    Alert,
    Birth,
    Child,
    Consent,
    Family,
    FamilyGrant,
    Mother,
    Pathway,
    PmiRelay,
    ProgrammeRules,
    Proposal,
    RecipientConsent,
)
from pathways.signals import ap_assigned, pathway_resumed, pathway_stopped
from tests import cast, factories

CONTACT = families.Contact(hours="ANY", may_sms=True, may_email=False, is_discreet=False, no_voice_mail=False)
ADHESION = inclusion.Adhesion(
    place="ROOM",
    mode="SCREEN",
    text_version="adhesion-2026.1-fr",
    notice_version="notice-2026.1-fr",
    is_evaluation_opposed=False,
)
AGREEMENTS = dict.fromkeys(Recipient, Agreement.YES)


def new_mother(**changes: Any) -> births.NewMother:
    values = {
        "birth_name": "Haddad",
        "used_name": "Lemoine",
        "first_names": "Samira",
        "birth_on": date(1994, 5, 17),
        "phone": "+33199003107",
        "email": "",
    }
    return births.NewMother(**(values | changes))


def new_birth(**changes: Any) -> births.NewBirth:
    child = births.NewChild(first_name="Inès", sex="female", birth_weight_g=3200, is_hospitalised=False)
    values = {
        "maternity": factories.structure(),
        "at": clock.now() - timedelta(hours=10),
        "mode": "VAGINAL",
        "term_weeks": 39,
        "parity": "FIRST",
        "children": (child,),
        "address": "6 rue des Tanneurs",
        "commune": factories.commune(),
        "access_hint": "",
    }
    return births.NewBirth(**(values | changes))


def register(**changes: Any) -> Birth:
    values = {
        "mother": new_mother(),
        "coparents": (),
        "birth": new_birth(),
        "is_other_family": False,
        "at": clock.now(),
    }
    return births.register_birth(**(values | changes))


def team_of(carrier: str = "", ap: str | None = "amal") -> inclusion.Team:
    member = factories.who(ap) if ap else None
    return inclusion.Team(carrier=factories.structure(carrier), ap=member, is_pmi_presented=True)


def include(birth: Birth, *, team: inclusion.Team | None = None, by: str = "elise", **changes: Any) -> Pathway:
    values = {
        "adhesion": ADHESION,
        "agreements": AGREEMENTS,
        "contact": CONTACT,
        "accepts_late": False,
        "at": clock.now(),
    }
    return inclusion.include(birth=birth, team=team or team_of(), by=factories.who(by), **(values | changes))


def accepted_birth(**values: Any) -> Birth:
    birth = factories.make_birth(**values)
    factories.make_proposal(birth)
    return birth


# ---- Births -------------------------------------------------------------------------------------------------
def test_register_birth_stores_the_family_under_a_drawn_reference(vallees: scope.Scope) -> None:
    birth = register(coparents=(births.NewCoParent(first_names="Julien", name="Lemoine", phone=""),))

    family = Family.objects.get()
    assert family.reference.startswith("VA-")
    assert len(family.reference) == 9
    assert family.search == "lemoine samira"
    assert birth.day == clock.local_date(birth.at, "Europe/Paris")
    assert Mother.objects.get().phone == "+33199003107"
    assert Child.objects.get().first_name == "Inès"


def test_register_birth_draws_another_reference_when_it_is_taken(
    vallees: scope.Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_family(reference="VA-AAAAAA")
    drawn = iter(["VA-AAAAAA", "VA-BBBBBB"])
    monkeypatch.setattr(births, "new_reference", lambda: next(drawn))

    birth = register(mother=new_mother(phone="", birth_on=date(1990, 1, 1)))

    assert birth.family.reference == "VA-BBBBBB"


def test_register_birth_refuses_the_future(vallees: scope.Scope) -> None:
    at = clock.now()

    with pytest.raises(BusinessError, match="futur") as refusal:
        register(birth=new_birth(at=at + timedelta(minutes=1)), at=at)

    assert refusal.value.field == "at"
    assert not Family.objects.exists()


@pytest.mark.parametrize("birth_on", [date(2020, 1, 1), date(1950, 1, 1)])
def test_register_birth_refuses_an_age_no_mother_has(vallees: scope.Scope, birth_on: date) -> None:
    with pytest.raises(BusinessError) as refusal:
        register(mother=new_mother(birth_on=birth_on))

    assert refusal.value.field == "birth_on"
    assert not Family.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "LEMOINE", "first_names": "samira", "birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "Autre", "birth_name": "Autre", "birth_on": date(1980, 1, 1)},
        {"used_name": "Autre", "birth_name": "Autre", "phone": ""},
    ],
    ids=["same name", "same name typed otherwise", "same phone", "same birth date, close birth"],
)
def test_register_birth_warns_of_a_possible_duplicate(vallees: scope.Scope, changes: dict[str, Any]) -> None:
    register()

    with pytest.raises(BusinessError) as refusal:
        register(mother=new_mother(**changes))

    assert refusal.value.code == "possible_duplicate"
    assert Family.objects.count() == 1


def test_register_birth_goes_on_once_somebody_has_compared(vallees: scope.Scope) -> None:
    register()

    register(is_other_family=True)

    assert Family.objects.count() == 2


def test_two_mothers_born_the_same_day_are_two_when_the_births_are_far_apart(vallees: scope.Scope) -> None:
    register(birth=new_birth(at=clock.now() - timedelta(days=30)))

    register(mother=new_mother(used_name="Autre", birth_name="Autre", phone=""))

    assert Family.objects.count() == 2


def test_add_birth_joins_the_family_that_is_known(vallees: scope.Scope) -> None:
    first = register(birth=new_birth(at=clock.now() - timedelta(days=400)))

    births.add_birth(family=first.family, birth=new_birth(), at=clock.now())

    assert Birth.objects.filter(family=first.family).count() == 2


def test_add_birth_refuses_the_same_delivery_twice(vallees: scope.Scope) -> None:
    first = register()

    with pytest.raises(BusinessError, match="déjà inscrite"):
        births.add_birth(family=first.family, birth=new_birth(), at=clock.now())

    assert Birth.objects.count() == 1


def discharge(birth: Birth, **changes: Any) -> Any:
    values = {
        "discharged_at": birth.at + timedelta(hours=80),
        "kind": "STANDARD",
        "has_medical_agreement": False,
        "decided_by": "Dr Lefort",
        "by": factories.who("elise"),
        "at": clock.now(),
    }
    return births.record_discharge(birth=birth, **(values | changes))


def test_discharge_is_corrected_in_its_one_row(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    discharge(birth)

    corrected = discharge(birth, kind="EARLY", discharged_at=birth.at + timedelta(hours=50))

    assert corrected.kind == "EARLY"
    assert corrected.at == birth.at + timedelta(hours=50)


def test_discharge_before_birth_is_refused(vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    with pytest.raises(BusinessError, match="précède la naissance"):
        discharge(birth, discharged_at=birth.at - timedelta(seconds=1))


def test_ultra_early_discharge_needs_the_medical_agreement(vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    with pytest.raises(BusinessError) as refusal:
        discharge(birth, kind="ULTRA_EARLY", discharged_at=birth.at + timedelta(hours=10))

    assert refusal.value.field == "has_medical_agreement"


# ---- Proposals ----------------------------------------------------------------------------------------------
def propose(birth: Birth, answer: proposals.Answer, **changes: Any) -> Proposal:
    values = {
        "proposed_on": birth.day,
        "context": "STAY",
        "covered": ["COPA"],
        "support": "LEAFLET",
        "by": factories.who("elise"),
        "at": clock.now(),
    }
    return proposals.propose(birth=birth, answer=answer, **(values | changes))


def test_answer_may_come_later(vallees: scope.Scope) -> None:
    today = clock.local_date(clock.now(), "Europe/Paris")
    proposal = propose(factories.make_birth(), proposals.Answer(answer="PENDING", ask_again_on=today))

    proposals.answer_proposal(
        proposal=proposal, answer=proposals.Answer(answer="NO", refusal_reason="TIME"), at=clock.now()
    )

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.refusal_reason, proposal.ask_again_on) == ("NO", "TIME", None)


@pytest.mark.parametrize(
    ("context", "days", "code"),
    [
        ("STAY", -1, "proposed_before_birth"),
        ("EPP", -277, "proposed_too_early"),
        ("EPP", 4, "proposed_in_future"),
        ("STAY", 4, "proposed_in_future"),
    ],
)
def test_presentation_belongs_to_its_birth(vallees: scope.Scope, context: str, days: int, code: str) -> None:
    birth = factories.make_birth(days_ago=3)

    with pytest.raises(BusinessError) as refusal:
        propose(birth, proposals.Answer(answer="YES"), context=context, proposed_on=birth.day + timedelta(days=days))

    assert (refusal.value.code, refusal.value.field) == (code, "proposed_on")
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("context", "days"), [("STAY", 0), ("EPP", -276), ("BIRTH_PREP", -1)])
def test_presentation_before_birth_is_for_those_who_meet_mothers_then(
    vallees: scope.Scope, context: str, days: int
) -> None:
    birth = factories.make_birth(days_ago=3)

    propose(birth, proposals.Answer(answer="YES"), context=context, proposed_on=birth.day + timedelta(days=days))

    assert Proposal.objects.count() == 1


def test_thinking_it_over_needs_a_date(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        propose(factories.make_birth(), proposals.Answer(answer="PENDING"))

    assert refusal.value.field == "ask_again_on"
    assert not Proposal.objects.exists()


def test_proposal_is_made_once(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    propose(birth, proposals.Answer(answer="YES"))

    with pytest.raises(BusinessError, match="déjà été proposé"):
        propose(birth, proposals.Answer(answer="YES"))


def test_nothing_is_proposed_in_silence(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError, match="deuil"):
        propose(factories.make_birth(is_silent=True), proposals.Answer(answer="YES"))


def test_answer_is_final_once_included(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    proposal = Proposal.objects.get(birth=pathway.birth)

    with pytest.raises(BusinessError, match="déjà incluse"):
        proposals.answer_proposal(proposal=proposal, answer=proposals.Answer(answer="NO"), at=clock.now())


# ---- Inclusion ----------------------------------------------------------------------------------------------
def test_inclusion_opens_a_pathway_under_the_second_rules(vallees: scope.Scope) -> None:
    birth = accepted_birth()

    pathway = include(birth)

    assert pathway.rules.code == "v2"
    assert pathway.window_from == birth.day + timedelta(days=2)
    assert pathway.window_to == birth.day + timedelta(days=21)
    relay = PmiRelay.objects.get()
    assert relay.due_on == birth.day + timedelta(days=21)
    assert relay.sector == birth.family.commune.sector
    assert relay.is_agreed
    assert Family.objects.get().is_isolated is True
    assert RecipientConsent.objects.count() == 4
    assert Consent.objects.get().collector_role == "coordinator"


def test_relay_waits_for_the_agreement(vallees: scope.Scope) -> None:
    include(accepted_birth(), agreements=AGREEMENTS | {Recipient.PMI: Agreement.LATER})

    assert not PmiRelay.objects.get().is_agreed
    assert not PmiRelay.objects.shown().exists()


def test_relay_has_no_sector_when_the_commune_has_none(vallees: scope.Scope) -> None:
    family = factories.make_family(commune=factories.commune("Valmont-les-Bois"))

    include(accepted_birth(family=family))

    assert PmiRelay.objects.get().sector is None


def test_inclusion_takes_the_rules_of_its_local_day(db: None) -> None:
    # One minute after midnight in Réunion is still the day before in Paris: v2 began on 1 December 2025.
    with scope.opened(cast.inside(cast.LAGON)):
        at = datetime(2025, 12, 1, 0, 1, tzinfo=ZoneInfo("Indian/Reunion"))
        birth = factories.make_birth(at=at - timedelta(days=3))
        factories.make_proposal(birth)

        pathway = include(birth, team=team_of(ap=None), by="emma", at=at)

        assert pathway.rules.code == "v2"


def test_inclusion_is_refused_after_the_programme(vallees: scope.Scope) -> None:
    ProgrammeRules.objects.filter(code="v2").update(valid_to=clock.now().date() - timedelta(days=1))

    with pytest.raises(BusinessError, match="à cette date"):
        include(accepted_birth())


def test_inclusion_twice_is_refused(vallees: scope.Scope) -> None:
    birth = accepted_birth()
    include(birth)

    with pytest.raises(BusinessError, match="existe déjà"):
        include(birth)

    assert Pathway.objects.count() == 1
    assert Consent.objects.count() == 1


def test_second_pathway_is_refused_by_the_database_too(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    Consent.objects.filter(birth=pathway.birth).update(withdrawn_at=clock.now())

    with pytest.raises(BusinessError, match="Un parcours existe déjà"), refusals_of(Pathway):
        factories.make_pathway(pathway.birth)


@pytest.mark.parametrize("state", [PathwayState.SUSPENDED, PathwayState.CLOSED])
def test_inclusion_is_refused_beside_a_suspended_or_closed_pathway(vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway(state=state)

    with pytest.raises(BusinessError, match="existe déjà"):
        include(pathway.birth)


def test_inclusion_in_silence_is_refused(vallees: scope.Scope) -> None:
    birth = accepted_birth(is_silent=True)

    with pytest.raises(BusinessError, match="deuil"):
        include(birth)

    assert not Consent.objects.exists()


def test_inclusion_needs_a_proposal_that_was_not_refused(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    with pytest.raises(BusinessError, match="présentation"):
        include(birth)
    factories.make_proposal(birth, answer="NO")

    with pytest.raises(BusinessError, match="répondu non"):
        include(birth)


def test_adhesion_answers_the_proposal_she_was_thinking_about(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="PENDING", ask_again_on=birth.day)

    include(birth)

    assert Proposal.objects.get().answer == "YES"


def test_late_inclusion_asks_to_be_accepted(vallees: scope.Scope) -> None:
    birth = accepted_birth(days_ago=22)
    with pytest.raises(BusinessError) as refusal:
        include(birth)
    assert refusal.value.field == "accepts_late"
    assert not Pathway.objects.exists()

    include(birth, accepts_late=True)

    assert Pathway.objects.get().window_to == birth.day + timedelta(days=21)


def test_inclusion_on_the_last_day_is_not_late(vallees: scope.Scope) -> None:
    include(accepted_birth(days_ago=21))

    assert Pathway.objects.count() == 1


def test_auxiliary_belongs_to_the_referring_team(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), team=team_of(ap="chloe"))

    assert refusal.value.field == "ap"


def test_shared_phone_makes_messages_discreet(vallees: scope.Scope) -> None:
    contact = families.Contact(
        hours="MORNING", may_sms=True, may_email=False, is_discreet=False, no_voice_mail=True, is_shared_phone=True
    )

    include(accepted_birth(), contact=contact)

    family = Family.objects.get()
    assert family.is_discreet
    assert family.contact_hours == "MORNING"


def test_mail_wish_needs_an_address(vallees: scope.Scope) -> None:
    contact = families.Contact(hours="ANY", may_sms=False, may_email=True, is_discreet=False, no_voice_mail=False)

    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), contact=contact)

    assert refusal.value.field == "may_email"


def test_family_comes_back_after_a_withdrawal(vallees: scope.Scope) -> None:
    pathway = include(accepted_birth())
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    include(pathway.birth)

    assert sorted(Pathway.objects.values_list("state", flat=True)) == ["active", "withdrawn"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


# ---- Stops --------------------------------------------------------------------------------------------------
@pytest.fixture
def heard() -> Any:
    received: list[tuple[str, Any]] = []

    def stopped(sender: Any, **values: Any) -> None:
        received.append(("stopped", values["state"]))

    def resumed(sender: Any, **values: Any) -> None:
        received.append(("resumed", values["pathway"].state))

    def assigned(sender: Any, **values: Any) -> None:
        received.append(("assigned", values["former"]))

    pathway_stopped.connect(stopped)
    pathway_resumed.connect(resumed)
    ap_assigned.connect(assigned)
    yield received
    pathway_stopped.disconnect(stopped)
    pathway_resumed.disconnect(resumed)
    ap_assigned.disconnect(assigned)


def test_withdrawal_stops_at_once(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    at = clock.now()

    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=at)

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    assert Consent.objects.get().withdrawn_at == at
    assert not PmiRelay.objects.shown().exists()
    assert heard == [("stopped", PathwayState.WITHDRAWN)]


def test_withdrawal_happens_once(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    with pytest.raises(BusinessError, match="déjà arrêté"):
        stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert len(heard) == 1


def test_suspension_is_resumed(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()

    stops.suspend_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    stops.resume_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert [name for name, _ in heard] == ["stopped", "resumed"]


def test_silence_stops_the_pathway_and_its_reminders(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    reminder = factories.make_alert(pathway, AlertKind.REPORT_OVERDUE)
    sign = factories.make_alert(pathway, AlertKind.MOTHER_SIGN)

    births.set_silence(birth=pathway.birth, is_silent=True, by=factories.who("farid"), at=clock.now())

    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert list(Alert.objects.open()) == [sign]
    assert Alert.objects.get(pk=reminder.pk).ended_at is not None
    assert not PmiRelay.objects.shown().exists()
    assert heard == [("stopped", PathwayState.BEREAVED)]


def test_silence_keeps_a_closed_pathway_closed_but_hides_its_relay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.CLOSED)

    births.set_silence(birth=pathway.birth, is_silent=True, by=factories.who("farid"), at=clock.now())

    assert Pathway.objects.get().state == PathwayState.CLOSED
    assert not PmiRelay.objects.shown().exists()


def test_silence_noted_by_mistake_is_undone(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    births.set_silence(birth=pathway.birth, is_silent=True, by=factories.who("farid"), at=clock.now())

    births.set_silence(birth=pathway.birth, is_silent=False, by=factories.who("farid"), at=clock.now())

    pathway.refresh_from_db()
    assert (pathway.state, pathway.closed_at) == (PathwayState.ACTIVE, None)
    assert heard[-1] == ("resumed", PathwayState.ACTIVE)


def test_assigning_tells_who_came_before(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    stops.assign_ap(pathway=pathway, ap=factories.who("bea"), by=factories.who("elise"), at=clock.now())

    assert Pathway.objects.get().ap == factories.who("bea")
    assert heard == [("assigned", factories.who("amal"))]


# ---- Families -----------------------------------------------------------------------------------------------
def details(**changes: Any) -> families.Details:
    values = {
        "used_name": "",
        "phone": "+33199003107",
        "email": "",
        "address": "7 rue des Tanneurs",
        "commune": factories.commune("Brécourt"),
        "access_hint": "",
        "contact": CONTACT,
        "children": {},
    }
    return families.Details(**(values | changes))


def test_edit_family_moves_the_waiting_relay_to_the_new_sector(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    families.edit_family(family=pathway.family, token=families.details_token(pathway.family), details=details())

    assert PmiRelay.objects.get().sector == factories.commune("Brécourt").sector
    assert Family.objects.get().address == "7 rue des Tanneurs"


def test_edit_family_refuses_a_stale_form(vallees: scope.Scope) -> None:
    family = factories.make_family()
    token = families.details_token(family)
    families.edit_family(family=family, token=token, details=details())

    with pytest.raises(BusinessError, match="entre-temps"):
        families.edit_family(family=family, token=token, details=details(address="8 rue des Tanneurs"))

    assert Family.objects.get().address == "7 rue des Tanneurs"


def test_child_gets_its_first_name(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    child = Child.objects.get()

    families.edit_family(
        family=birth.family,
        token=families.details_token(birth.family),
        details=details(children={child.public_id: ("Inès", False), uuid4(): ("Autre", True)}),
    )

    assert Child.objects.get().first_name == "Inès"


def test_recipient_change_hides_and_shows_the_relay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(agreed_pmi=False)
    elise = factories.who("elise")

    families.change_recipients(
        family=pathway.family, agreements={Recipient.PMI: Agreement.YES}, by=elise, at=clock.now()
    )
    assert PmiRelay.objects.shown().exists()
    families.change_recipients(
        family=pathway.family, agreements={Recipient.PMI: Agreement.NO}, by=elise, at=clock.now()
    )

    assert not PmiRelay.objects.shown().exists()


def test_grant_ends_with_the_local_day_and_lasts_three_months_at_most(vallees: scope.Scope) -> None:
    family = factories.make_family()
    at = clock.now()
    today = clock.local_date(at, "Europe/Paris")
    grant = {"family": family, "to": factories.who("ines"), "reason": "LIBERAL_MIDWIFE", "by": factories.who("elise")}

    families.open_family_to(until=today, at=at, **grant)

    assert FamilyGrant.objects.get().expires_at == clock.day_bounds(today, "Europe/Paris")[1]
    for until in (today - timedelta(days=1), today + timedelta(days=93)):
        with pytest.raises(BusinessError) as refusal:
            families.open_family_to(until=until, at=at, **grant)
        assert refusal.value.field == "until"


def test_grant_is_renewed_after_it_was_revoked(vallees: scope.Scope) -> None:
    family = factories.make_family()
    at = clock.now()
    ines = factories.who("ines")
    grant = {"family": family, "to": ines, "reason": "LIBERAL_MIDWIFE", "by": factories.who("elise")}
    until = clock.local_date(at, "Europe/Paris") + timedelta(days=10)
    families.open_family_to(until=until, at=at, **grant)

    assert families.revoke_grant(family=family, user_id=ines.user_id, at=at)
    assert not Family.objects.visible_to(ines).exists()
    families.open_family_to(until=until, at=at, **grant)

    assert Family.objects.visible_to(ines).exists()
    assert FamilyGrant.objects.count() == 1


# ---- Alerts -------------------------------------------------------------------------------------------------
def raise_sign(pathway: Pathway, **changes: Any) -> bool:
    values = {
        "kind": AlertKind.CHILD_SIGN,
        "subject_id": pathway.public_id,
        "code": "PALE",
        "facts": "Pâleur",
        "is_sealed": False,
        "raised_by": factories.who("amal"),
        "answer_due_at": None,
        "at": clock.now(),
    }
    return alerts.raise_alert(pathway=pathway, **(values | changes))


def test_alert_is_raised_once(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    assert raise_sign(pathway) is True
    assert raise_sign(pathway) is False
    assert raise_sign(pathway, code="FEVER") is True
    assert Alert.objects.count() == 2


def test_reminders_are_silent_in_mourning_and_signs_are_not(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.BEREAVED)

    assert raise_sign(pathway, kind=AlertKind.REPORT_OVERDUE) is False
    assert raise_sign(pathway, kind=AlertKind.MOTHER_SIGN) is True


def test_alert_ends_when_its_cause_is_gone(vallees: scope.Scope) -> None:
    alert = factories.make_alert(kind=AlertKind.REPORT_OVERDUE, code="")

    kinds = [AlertKind.REPORT_OVERDUE, AlertKind.REPORT_DUE_SOON]
    assert alerts.end_alerts(kinds=kinds, subject_id=alert.subject_id, at=clock.now()) == 1
    assert alerts.end_alerts(kinds=kinds, subject_id=alert.subject_id, at=clock.now()) == 0


def test_alert_is_taken_once_by_name(vallees: scope.Scope) -> None:
    alert = factories.make_alert()
    alerts.take_alert(alert=alert, by=factories.who("farid"), instruction="Appelez le 15.", at=clock.now())

    with pytest.raises(BusinessError, match="Farid Martin a déjà pris cette alerte"):
        alerts.take_alert(alert=alert, by=factories.who("elise"), instruction="Venez.", at=clock.now())

    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.instruction) == (factories.who("farid"), "Appelez le 15.")


def test_sign_is_not_taken_without_an_instruction(vallees: scope.Scope) -> None:
    alert = factories.make_alert()

    with pytest.raises(BusinessError) as refusal:
        alerts.take_alert(alert=alert, by=factories.who("farid"), instruction="  ", at=clock.now())

    assert refusal.value.field == "instruction"
    assert Alert.objects.open().exists()


# ---- Relays -------------------------------------------------------------------------------------------------
def test_relay_is_questioned_answered_then_accepted(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, at = factories.who("gaelle"), clock.now()
    tomorrow = clock.local_date(at, "Europe/Paris") + timedelta(days=1)

    relays.question_relay(relay=relay, question="Qui suit l’enfant ?", by=gaelle, at=at)
    assert PmiRelay.objects.get().state == "questioned"
    relays.reply_to_relay(relay=relay, reply="Dr Marchand.")
    assert PmiRelay.objects.get().state == "waiting"
    relays.accept_relay(relay=relay, next_contact_on=tomorrow, by=gaelle, at=at)

    accepted = PmiRelay.objects.get()
    assert (accepted.state, accepted.next_contact_on, accepted.reply) == ("accepted", tomorrow, "Dr Marchand.")


def test_relay_is_accepted_once_and_not_after_a_stop(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, at = factories.who("gaelle"), clock.now()
    today = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=today, by=gaelle, at=at)

    with pytest.raises(BusinessError, match="déjà été accepté"):
        relays.accept_relay(relay=relay, next_contact_on=today, by=gaelle, at=at)
    with pytest.raises(BusinessError, match="déjà été accepté"):
        relays.question_relay(relay=relay, question="Et encore ?", by=gaelle, at=at)


def test_relay_contact_is_not_in_the_past(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    yesterday = clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=1)

    with pytest.raises(BusinessError) as refusal:
        relays.accept_relay(relay=relay, next_contact_on=yesterday, by=factories.who("gaelle"), at=clock.now())

    assert refusal.value.field == "next_contact_on"
    assert PmiRelay.objects.get().state == "waiting"
