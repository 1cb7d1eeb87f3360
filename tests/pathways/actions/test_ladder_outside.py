"""The liberal midwife who has no account: told at once to call the team, with the mother's yes, exactly once (R075)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.gsm import plain
from pathways.actions import alerts, ladder
from pathways.actions.sendings import stop_refused
from pathways.enums import Agreement, AlertKind, CircleEnd, CircleRole, LadderStep, Recipient, ToldBy
from pathways.models import Alert, AlertNotice, AlertStep, CareCircleMember, Pathway, RecipientConsent, Sending
from pathways.reads import story
from territories.models import OutgoingMessage, User
from territories.tasks import send_outgoing
from tests import factories
from tests.cast import VALLEES
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T = timedelta(minutes=10)
NUMBER, OTHER = "+33199003150", "+33199003151"
URGENT, VITAL = "CHILD_URGENT:CHILD_FEVER", "CHILD_VITAL:CHILD_BLUE_GREY"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return factories.make_pathway(ap=who("amal"))


def midwife(pathway: Pathway, **fields: Any) -> CareCircleMember:
    """Mrs Roy, liberal midwife, in the circle by her name and her number."""
    values = {"name": "Mme Roy", "phone": NUMBER, "role": CircleRole.LIBERAL_MIDWIFE} | fields
    return factories.make_circle_member(pathway.family, **values)


def tap(pathway: Pathway, code: str = URGENT) -> Alert:
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=pathway.public_id, code=code, facts="38 °C",
        is_sealed=False, raised_by=who("amal"), answer_due_at=AT + T, at=AT,
    )  # fmt: skip
    return Alert.objects.get(code=code)


def rung() -> list[str]:
    """The numbers that the step of the midwife rings, in order."""
    messages = OutgoingMessage.objects.filter(channel="sms", dedup_key__contains=f":{LadderStep.MIDWIFE}:")
    return sorted(messages.values_list("to", flat=True))


def test_she_is_told_at_once_to_call_the_team_with_its_number(pathway: Pathway) -> None:
    person = midwife(pathway)

    alert = tap(pathway)

    notice = AlertNotice.objects.get(step__alert=alert, step__step=LadderStep.MIDWIFE)
    assert (notice.person, notice.channel) == (person, "sms")
    text = OutgoingMessage.objects.get(public_id=notice.message).body
    assert "Appelez l'equipe" in text
    assert pathway.carrier.phone[-2:] in text
    kept = Sending.objects.get(message=notice.message)
    assert (kept.to, kept.recipient, kept.how) == ("Mme Roy", Recipient.LIBERAL_MIDWIFE, "SMS")


@pytest.mark.parametrize("code", [URGENT, VITAL, "DANGER_NOW:HOME_VIOLENCE_NOW", "PROTECTED:HOME_VIOLENCE_TOLD"])
def test_her_sms_says_nothing_of_the_family_nor_of_the_cause(pathway: Pathway, code: str) -> None:
    midwife(pathway)
    alert = tap(pathway, code)

    text = plain(OutgoingMessage.objects.get(to=NUMBER).body)

    assert 0 < len(text) < 160
    words = ["Samira", "Haddad", "Ligny", pathway.family.reference, "violence", "bebe", "mere", "38", "http"]
    assert [word for word in words if word.lower() in text.lower()] == []
    assert str(alert.public_id) not in text
    assert ("prochaine visite" in text) is code.startswith(("DANGER_NOW", "PROTECTED"))
    assert ("famille" in text) is not code.startswith(("DANGER_NOW", "PROTECTED"))


@pytest.mark.parametrize(
    ("answer", "code", "is_told"),
    [
        (Agreement.YES, URGENT, True),
        (Agreement.NO, URGENT, False),
        (None, URGENT, False),
        (Agreement.NO, "HOME_TONIGHT:HOME_BASIC", False),
        (Agreement.NO, "PROTECTED:HOME_VIOLENCE_TOLD", False),
        (Agreement.NO, VITAL, True),
        (Agreement.NO, "MIND_VITAL:EPDS_ITEM10", True),
        (None, "MOTHER_VITAL:MOTHER_FAINT", True),
    ],
)
def test_a_no_is_obeyed_unless_a_life_is_in_danger(
    pathway: Pathway, answer: str | None, code: str, is_told: bool
) -> None:
    midwife(pathway)
    answers = RecipientConsent.objects.filter(family=pathway.family, recipient=Recipient.LIBERAL_MIDWIFE)
    answers.update(answer=answer) if answer else answers.delete()

    alert = tap(pathway, code)

    assert rung() == ([NUMBER] if is_told else [])
    assert AlertStep.objects.filter(alert=alert, step=LadderStep.MIDWIFE).exists() is is_told


@pytest.mark.parametrize("phone", [NUMBER, ""])
@pytest.mark.parametrize(("liberal", "pmi"), [(Agreement.NO, Agreement.YES), (Agreement.YES, Agreement.NO)])
def test_each_midwife_is_told_by_what_the_mother_said_of_her_own(
    pathway: Pathway, liberal: str, pmi: str, phone: str
) -> None:
    midwife(pathway, name="Mme Libre", phone=phone and OTHER)
    midwife(pathway, name="Mme Pmi", phone=phone, role=CircleRole.PMI_MIDWIFE)
    for recipient, answer in ((Recipient.LIBERAL_MIDWIFE, liberal), (Recipient.PMI, pmi)):
        RecipientConsent.objects.update_or_create(
            family=pathway.family, recipient=recipient, named="",
            defaults={"answer": answer, "at": AT, "collected_by": who("elise")},
        )  # fmt: skip

    tap(pathway)

    told = AlertNotice.objects.filter(person__isnull=False)
    name = "Mme Pmi" if pmi == Agreement.YES else "Mme Libre"
    assert [(one.person.name, one.channel) for one in told] == [(name, ToldBy.SMS if phone else ToldBy.NONE)]


@pytest.mark.parametrize(("answer", "state"), [(Agreement.YES, "queued"), (Agreement.NO, "withheld")])
def test_message_to_the_midwife_of_the_pmi_leaves_by_the_yes_to_the_pmi(
    pathway: Pathway, answer: str, state: str
) -> None:
    midwife(pathway, role=CircleRole.PMI_MIDWIFE)
    consents = {Recipient.LIBERAL_MIDWIFE: Agreement.NO, Recipient.PMI: Agreement.YES}
    for recipient, said in consents.items():
        RecipientConsent.objects.update_or_create(
            family=pathway.family, recipient=recipient, named="",
            defaults={"answer": said, "at": AT, "collected_by": who("elise")},
        )  # fmt: skip
    tap(pathway)

    RecipientConsent.objects.filter(family=pathway.family, recipient=Recipient.PMI).update(answer=answer)
    stop_refused(family_id=pathway.family_id, at=AT)

    assert Sending.objects.get(to="Mme Roy").recipient == Recipient.PMI
    assert OutgoingMessage.objects.get(to=NUMBER).state == state


def test_a_yes_taken_back_before_it_leaves_withholds_it_but_where_a_life_is_in_danger(pathway: Pathway) -> None:
    midwife(pathway)
    tap(pathway)
    RecipientConsent.objects.filter(family=pathway.family).update(answer=Agreement.NO)
    stop_refused(family_id=pathway.family_id, at=AT)
    assert OutgoingMessage.objects.get(to=NUMBER).state == "withheld"

    other = factories.make_pathway(ap=who("amal"), agreed_midwife=True)
    midwife(other, phone=OTHER)
    tap(other, VITAL)
    RecipientConsent.objects.filter(family=other.family).update(answer=Agreement.NO)
    stop_refused(family_id=other.family_id, at=AT)
    send_outgoing(str(scope.current_territory_id()))

    assert OutgoingMessage.objects.get(to=OTHER).state == "sent"


def test_who_has_left_the_circle_or_is_no_midwife_or_has_no_number_is_not_rung(pathway: Pathway) -> None:
    gone = {"until": AT.date(), "end_reason": CircleEnd.REPLACED, "ended_by": who("elise"), "ended_at": AT}
    midwife(pathway, **gone)
    midwife(pathway, name="Mme Petit", phone="")
    midwife(pathway, name="Dr Roux", phone=OTHER, role=CircleRole.GENERAL_PRACTITIONER)
    midwife(factories.make_pathway(ap=who("amal")), name="Mme Voisin", phone=OTHER)

    tap(pathway)

    assert rung() == []


def test_the_number_of_the_directory_is_the_one_of_today(pathway: Pathway) -> None:
    entry = factories.make_entry("LIBERAL_MIDWIFE", phone=OTHER)
    midwife(pathway, name=entry.name, entry=entry, phone=NUMBER)

    tap(pathway)

    assert rung() == [OTHER]


def test_one_who_reads_here_is_told_here_and_nobody_is_rung_twice(pathway: Pathway) -> None:
    """Inès has the file; Iris has an account that the file is not open to; Mrs Roy stands there twice."""
    User.objects.filter(email="ines@copa.example").update(phone="+33199003105")
    User.objects.filter(email="iris@copa.example").update(phone=OTHER)
    factories.make_grant(pathway.family, to=who("ines"))
    midwife(pathway, member=who("ines"), name="", phone="")
    midwife(pathway, member=who("iris"), name="", phone="")
    midwife(pathway)
    midwife(pathway, name="Mme Roy-Martin")
    midwife(pathway, name="Cabinet de Mme Martin", phone="+33199003105")

    alert = tap(pathway)

    assert rung() == ["+33199003105", NUMBER, OTHER]
    told = AlertNotice.objects.filter(step__alert=alert, step__step=LadderStep.MIDWIFE, person__isnull=False)
    assert {one.person.full_name for one in told.select_related("person__member__user")} == {"Mme Roy", "Iris Martin"}


def test_signs_ticked_together_ring_her_once_and_the_ladder_does_not_ring_her_again(
    pathway: Pathway, clock: Any
) -> None:
    midwife(pathway)
    alert = tap(pathway)
    tap(pathway, "CHILD_URGENT:CHILD_CORD")
    for times in (1, 2, 3, 4):
        clock.move_to(AT + times * T)
        ladder.climb(pk=alert.pk, at=AT + times * T)
    assert tap(pathway) == alert

    assert rung() == [NUMBER]
    assert AlertNotice.objects.filter(person__isnull=False).count() == 2


def test_the_steps_of_the_alert_show_her_name_and_her_number(as_: Any, pathway: Pathway) -> None:
    midwife(pathway)
    alert = tap(pathway)

    page = as_("farid").get(reverse("pathways:alert", args=[VALLEES, alert.public_id])).content.decode()

    assert "Mme Roy" in page
    assert f'href="tel:{NUMBER}"' in page


# ---- Neither account nor number ----------------------------------------------------------------------------
def shown(as_: Any, alert: Alert, name: str = "farid") -> str:
    page = as_(name).get(reverse("pathways:alert", args=[VALLEES, alert.public_id])).content.decode()
    return page.replace("\u00a0", " ")


def test_a_midwife_whom_nothing_reaches_is_said_on_the_alert_until_somebody_has_closed_it(
    as_: Any, pathway: Pathway
) -> None:
    midwife(pathway, phone="")

    alert = tap(pathway)

    notice = AlertNotice.objects.get(person__isnull=False)
    assert (notice.channel, notice.message) == (ToldBy.NONE, None)
    before = shown(as_, alert)
    assert "La sage-femme n’a pas pu être prévenue" in before
    assert "Qui prend l’alerte la joint par téléphone, puis note son numéro" in before
    assert "Mme Roy <strong>ni compte ni numéro : n’a pas pu être prévenue</strong>" in before
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="Restez."), at=AT)
    CareCircleMember.objects.update(phone=NUMBER)
    taken = shown(as_, alert)
    assert f"{who('farid').user.get_full_name()} la joint par téléphone, maintenant au" in taken
    assert f'href="tel:{NUMBER}"' in taken
    alerts.close_alert(alert=alert, by=who("farid"), outcome="Vu.", is_false_alarm=False, at=AT)
    closed = shown(as_, alert)
    assert "La sage-femme n’a pas pu être prévenue" not in closed
    # The register keeps it.
    assert "n’a pas pu être prévenue</strong>" in closed


def test_one_with_an_account_that_the_file_is_not_open_to_and_no_number_is_not_reached_either(
    pathway: Pathway,
) -> None:
    User.objects.filter(email="iris@copa.example").update(phone="")
    midwife(pathway, member=who("iris"), name="", phone="")
    factories.make_grant(pathway.family, to=who("ines"))
    midwife(pathway, member=who("ines"), name="", phone="")

    tap(pathway)

    untold = AlertNotice.objects.filter(channel=ToldBy.NONE).select_related("person__member__user")
    assert [one.person.full_name for one in untold] == [who("iris").user.get_full_name()]


def test_a_midwife_the_mother_said_no_to_is_not_said_to_be_missing(as_: Any, pathway: Pathway) -> None:
    midwife(pathway, phone="")
    RecipientConsent.objects.filter(family=pathway.family).update(answer=Agreement.NO)

    alert = tap(pathway)

    assert not AlertNotice.objects.filter(channel=ToldBy.NONE).exists()
    assert "n’a pas pu être prévenue" not in shown(as_, alert)
    # Where a life is in danger she is to be told whatever the mother answered.
    assert "n’a pas pu être prévenue" in shown(as_, tap(pathway, VITAL))


def test_the_story_says_it_to_the_team_but_of_a_sealed_alert_not_a_word(pathway: Pathway) -> None:
    midwife(pathway, phone="")
    tap(pathway)
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=pathway.public_id, code="PROTECTED:HOME_VIOLENCE_TOLD",
        facts="", is_sealed=True, raised_by=who("amal"), answer_due_at=AT + T, at=AT,
    )  # fmt: skip

    told = [one for one in story.told(pathway.family, who("farid")) if "non prévenue" in one.title]

    assert [one.text for one in told] == ["Mme Roy n’avait ni compte ni numéro ici. À joindre par qui prend l’alerte."]
    assert not [one for one in story.told(pathway.family, who("ines")) if "non prévenue" in one.title]


def test_a_notice_names_one_and_its_person_stays_in_the_territory(pathway: Pathway) -> None:
    person = midwife(pathway)
    step = AlertStep.objects.get(alert=tap(pathway), step=LadderStep.RAISED)
    for wrong in ({"person": person, "member": who("farid")}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlertNotice.objects.create(step=step, family_id=pathway.family_id, channel="sms", **wrong)
