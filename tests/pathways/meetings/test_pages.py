"""The pages of meetings: who reads what, what a page offers, what it costs."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.actions import grid, suggestions
from pathways.actions.meetings import annex_token, words_token
from pathways.enums import Agreement, DecisionState, GridValue, MeetingCause, PathwayState, Recipient
from pathways.models import (
    Birth,
    CoordinationEntry,
    Decision,
    MeetingAnnex,
    MeetingItem,
    Pathway,
    RecipientConsent,
    StaffMeeting,
    Suggestion,
)
from pathways.reads.names import mothers_of
from pathways.rules.pathways import STOPPED
from tests import factories
from tests.pathways import screening
from tests.pathways.addresses import address
from tests.queries import count


@pytest.fixture
def minutes(vallees: scope.Scope) -> MeetingItem:
    """The validated minutes about a family of Amal, opened to Inès; Élise, Farid and Fanny were there."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    present = tuple(factories.who(name) for name in ("elise", "farid", "fanny"))
    held = factories.make_meeting(present=present, is_validated=True)
    return factories.make_meeting_item(held, pathway.family, family_words="Elle souhaite un appel.")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("elise", 200),
        ("farid", 200),
        ("amal", 200),  # her auxiliary
        ("bea", 403),  # same structure, same role, another family
        ("ines", 200),  # her midwife, with the mother's agreement
        ("gaelle", 200),  # the PMI, with the mother's agreement
        ("olga", 403),  # a pilot who was not there
        ("nora", 403),
        ("fanny", 404),  # at the table, but the family is not hers
        ("iris", 404),
        ("gina", 404),
        ("dora", 404),
    ],
)
def test_minutes_are_for_those_who_were_there_and_for_the_agreed_circle(
    as_: Any, minutes: MeetingItem, who: str, status: int
) -> None:
    assert as_(who).get(address("minutes", minutes.public_id)).status_code == status


@pytest.mark.parametrize(
    ("who", "recipient", "status"), [("ines", Recipient.LIBERAL_MIDWIFE, 403), ("gaelle", Recipient.PMI, 403)]
)
def test_uninvited_professional_reads_no_minutes_without_the_agreement(
    as_: Any, minutes: MeetingItem, who: str, recipient: str, status: int
) -> None:
    RecipientConsent.objects.filter(recipient=recipient).update(answer=Agreement.NO)

    response = as_(who).get(address("minutes", minutes.public_id))

    assert response.status_code == status
    assert "souhaite un appel" not in response.content.decode()


def test_what_keeps_minutes_from_being_validated_stands_beside_each_family_by_name(
    as_: Any, vallees: scope.Scope
) -> None:
    present = tuple(factories.who(name) for name in ("elise", "farid"))
    held = factories.make_meeting(present=present)
    pathway = factories.make_pathway(ap=factories.who("amal"))
    item = factories.make_meeting_item(held, pathway.family)

    answer = as_("elise").post(address("meeting_validate", held.public_id))

    text = answer.content.decode()
    refused = text[text.index("n’est pas complet") : text.index("</section>", text.index("n’est pas complet"))]
    assert answer.status_code == 422
    assert f'href="#item-{item.public_id}"' in refused
    assert mothers_of([pathway.family_id])[pathway.family_id].name in refused
    assert "Il manque une décision" in text
    assert StaffMeeting.objects.get().closed_at is None


def test_decision_is_not_offered_before_the_meeting(as_: Any, vallees: scope.Scope) -> None:
    ahead = factories.make_meeting(present=(factories.who("elise"),), planned_at=clock.now() + timedelta(days=3))
    item = factories.make_meeting_item(ahead, factories.make_pathway(ap=factories.who("amal")).family)

    text = as_("elise").get(address("meeting_item", item.public_id)).content.decode()

    assert "Noter la décision" not in text
    assert "Faits utiles" in text


def test_draft_minutes_are_read_by_nobody_else(as_: Any, minutes: MeetingItem) -> None:
    StaffMeeting.objects.update(closed_at=None, closed_by=None)

    assert as_("amal").get(address("minutes", minutes.public_id)).status_code == 403


def test_reading_minutes_leaves_a_line(as_: Any, minutes: MeetingItem) -> None:
    as_("ines").get(address("minutes", minutes.public_id))

    log = as_("elise").get(address("reads", minutes.family.public_id)).content.decode()
    assert "Ines Martin" in log
    assert "Lire le compte rendu de réunion d’une famille" in log


def test_agenda_writes_itself(as_: Any, vallees: scope.Scope) -> None:
    amal = factories.who("amal")
    alerted = factories.make_pathway(ap=amal)
    factories.make_alert(alerted)
    forgotten = factories.make_pathway(ap=amal, days_ago=40)
    calm = factories.make_pathway(ap=amal)
    meeting = factories.make_meeting(present=(factories.who("elise"),))

    offered = as_("elise").get(address("meeting", meeting.public_id)).context["offered"].families

    assert [(one.public_id, one.cause) for one in offered] == [
        (alerted.family.public_id, MeetingCause.ALERT),
        (forgotten.family.public_id, MeetingCause.RELAY),
    ]
    assert calm.family.public_id not in {one.public_id for one in offered}


def offered_on(meeting: StaffMeeting, as_: Any) -> list[tuple[Any, str, tuple[str, ...]]]:
    offered = as_("elise").get(address("meeting", meeting.public_id)).context["offered"].families
    return [(one.public_id, one.cause, one.reasons) for one in offered]


def test_alert_is_offered_while_open_and_once_taken_too_long_ago(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))
    for hours, closing in ((25, {}), (23, {}), (25, {"closed_at": clock.now(), "closed_by": factories.who("farid")})):
        taken = {"acknowledged_at": clock.now() - timedelta(hours=hours), "acknowledged_by": factories.who("farid")}
        factories.make_alert(factories.make_pathway(ap=factories.who("amal")), **taken, **closing)

    assert [reasons for _, _, reasons in offered_on(meeting, as_)] == [("Alerte prise, pas encore close",)]


def test_screening_puts_a_family_on_the_agenda_until_the_team_decides(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))
    parents, scale, sealed = (factories.make_pathway(ap=factories.who("amal")) for _ in range(3))
    suggestions.ask_third_visit(pathway=parents, is_of_parents=True, note="", by=factories.who("amal"), at=clock.now())
    screening.fill_epds(scale, 2, 2, 1, 2, 1, 2, 1, 0, 0, 0)
    screening.tell_sealed(sealed, "V3_PARTNER_VIOLENCE")
    assert offered_on(meeting, as_) == [
        # An EPDS at its cut-off is answered the same day: it stands before what was asked earlier (alerts.md 3).
        (scale.family.public_id, MeetingCause.EPDS, ("Troisième visite à décider", "Point d’équipe demandé")),
        (parents.family.public_id, MeetingCause.PARENTS_REQUEST, ("Troisième visite à décider",)),
        # What is sealed never says from where it comes.
        (sealed.family.public_id, MeetingCause.TEAM, ("Point d’équipe demandé",)),
    ]

    for one in Suggestion.objects.order_by("pk"):
        suggestions.decide_suggestion(
            suggestion=one, is_accepted=False, reason="Pas maintenant.", by=factories.who("farid"), at=clock.now()
        )

    assert offered_on(meeting, as_) == []


def test_grid_that_changed_is_offered_until_somebody_concludes(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))
    changed, same, old = (factories.make_pathway(ap=factories.who("amal"), days_ago=20) for _ in range(3))
    then = clock.now() - timedelta(days=3)
    screening.tell(changed, "V1_HOUSING", GridValue.ABSENT, at=then)
    screening.tell(changed, "V1_HOUSING")
    screening.tell(same, "V1_HOUSING", at=then)
    screening.tell(old, "V1_HOUSING", GridValue.ABSENT, at=clock.now() - timedelta(days=18))
    screening.tell(old, "V1_HOUSING", at=clock.now() - timedelta(days=15))
    Suggestion.objects.all().update(decided_at=clock.now(), decided_by=factories.who("farid"), is_accepted=True)
    assert offered_on(meeting, as_) == [(changed.family.public_id, MeetingCause.GRID, ("Le repérage a changé",))]

    grid.conclude_grid(pathway=changed, level="watch", proposals="Une aide.", by=factories.who("farid"), at=clock.now())

    assert offered_on(meeting, as_) == []


def test_mourning_puts_nobody_on_the_agenda_by_itself(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    screening.tell(pathway, "V1_HOUSING", GridValue.ABSENT, at=clock.now() - timedelta(days=3))
    screening.tell(pathway, "V1_HOUSING")
    suggestions.ask_third_visit(pathway=pathway, is_of_parents=True, note="", by=factories.who("amal"), at=clock.now())
    Birth.objects.update(is_silent=True)

    assert offered_on(meeting, as_) == []


def test_agenda_of_many_families_costs_the_queries_of_one(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))

    def waiting() -> None:
        pathway = factories.make_pathway(ap=factories.who("amal"))
        factories.make_alert(pathway)
        screening.fill_epds(pathway, *screening.HIGH)

    waiting()
    one = count(as_("elise"), address("meeting", meeting.public_id))
    for _ in range(9):
        waiting()

    assert count(as_("elise"), address("meeting", meeting.public_id)) == one


def test_relay_is_offered_once_it_is_late_and_not_before(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"),))
    # Due on D+21: seven days later is D+28, and still in time, as in the list and in the daily mail.
    factories.make_pathway(days_ago=28)
    late = factories.make_pathway(days_ago=29)

    offered = as_("elise").get(address("meeting", meeting.public_id)).context["offered"].families

    assert [one.public_id for one in offered] == [late.family.public_id]


def test_suggested_family_is_added_by_its_button(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_alert(pathway)
    meeting = factories.make_meeting(present=(factories.who("elise"),))

    as_("elise").post(address("agenda_add", meeting.public_id), {"family": pathway.family.public_id, "cause": "ALERT"})

    assert MeetingItem.objects.get().cause == MeetingCause.ALERT
    assert as_("elise").get(address("meeting", meeting.public_id)).context["offered"].families == []


def test_meeting_goes_from_its_preparation_to_a_task_that_is_done(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    elise, farid, amal = (factories.who(name) for name in ("elise", "farid", "amal"))
    new = {
        "planned_at": f"{timezone.localtime() - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "place": "Salle de staff",
        "structure": str(elise.structure.public_id),
        "participants": [str(farid.public_id), str(amal.public_id)],
    }
    as_("elise").post(address("meeting_new"), new)
    meeting = StaffMeeting.objects.get()
    as_("elise").post(
        address("coordination", pathway.family.public_id), {"meeting": str(meeting.public_id), "cause": "TEAM"}
    )
    item = MeetingItem.objects.get()
    url = address("meeting_item", item.public_id)
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    as_("farid").post(url, {"token": words_token(item), "family_words": "Elle veut bien.", "facts": ""})
    as_("farid").post(
        url,
        decided(
            item, family_words="Elle veut bien.", facts="Dort peu.", kind="CALL", owner=str(amal.public_id), due_on=due
        ),
    )
    people = as_("elise").get(address("meeting_presence", meeting.public_id)).context["form"]
    as_("elise").post(address("meeting_presence", meeting.public_id), dict.fromkeys(people.fields, "PRESENT"))
    as_("elise").post(address("meeting_validate", meeting.public_id))
    decision = Decision.objects.get()
    as_("amal").post(address("decision", decision.public_id), {"state": "DONE", "words": "Appelée ce matin."})

    decision.refresh_from_db()
    assert (decision.state, decision.settled_by) == (DecisionState.DONE, amal)
    assert "Dort peu." in as_("amal").get(address("minutes", item.public_id)).content.decode()


@pytest.mark.parametrize("who", ["elise", "farid", "nora"])
def test_team_that_prepares_a_meeting_is_first_her_own(as_: Any, vallees: scope.Scope, who: str) -> None:
    form = as_(who).get(address("meeting_new")).context["form"]

    assert form["structure"].value() == str(factories.who(who).structure.public_id)


def decided(item: MeetingItem, *, family_words: str = "", facts: str = "", **decision: str) -> dict[str, str]:
    """What the one form of an item sends when a decision is noted."""
    typed = {f"decision-{name}": value for name, value in decision.items()}
    return {"token": words_token(item), "decide": "1", "family_words": family_words, "facts": facts, **typed}


def test_two_who_write_at_one_table_do_not_write_over_each_other(as_: Any, vallees: scope.Scope) -> None:
    item = factories.make_meeting_item(
        factories.make_meeting(), factories.make_pathway(ap=factories.who("amal")).family
    )
    url = address("meeting_item", item.public_id)
    typed = {"token": words_token(item), "family_words": "Elle souhaite une aide.", "facts": "Pleure le soir."}
    late = typed | {"family_words": "", "facts": "Dort peu."}
    as_("elise").post(url, typed)

    answer = as_("farid").post(url, late)

    item.refresh_from_db()
    assert (answer.status_code, item.family_words, item.facts) == (422, "Elle souhaite une aide.", "Pleure le soir.")
    page = answer.content.decode()
    assert "Écrit entre-temps" in page
    assert "Pleure le soir." in page
    assert answer.context["words"]["facts"].value() == "Dort peu."

    as_("farid").post(url, late | {"token": answer.context["token"], "facts": "Pleure le soir. Dort peu."})

    item.refresh_from_db()
    assert item.facts == "Pleure le soir. Dort peu."


def test_sealed_part_is_not_emptied_by_a_page_opened_before_it_was_written(as_: Any, vallees: scope.Scope) -> None:
    item = factories.make_meeting_item(
        factories.make_meeting(), factories.make_pathway(ap=factories.who("amal")).family
    )
    url = address("item_annex", item.public_id)
    before = annex_token(item)
    as_("elise").post(url, {"token": before, "text": "Ce qui est scellé."})

    answer = as_("farid").post(url, {"token": before, "text": ""})

    assert answer.status_code == 422
    assert "Ce qui est scellé." in answer.content.decode()
    assert MeetingAnnex.objects.get().text == "Ce qui est scellé."


def test_decision_begun_is_not_left_behind_by_the_other_button(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    item = factories.make_meeting_item(factories.make_meeting(), pathway.family)
    typed = decided(
        item,
        facts="Dort peu.",
        kind="NO_THIRD_VISIT",
        words="En reparler.",
        told_by=str(factories.who("amal").public_id),
    )
    del typed["decide"]

    as_("farid").post(address("meeting_item", item.public_id), typed)

    item.refresh_from_db()
    assert item.facts == "Dort peu."
    assert Decision.objects.get().words == "En reparler."


def test_refusal_of_the_words_stands_with_the_words_and_keeps_neither_them_nor_the_decision(
    as_: Any, vallees: scope.Scope
) -> None:
    item = factories.make_meeting_item(
        factories.make_meeting(), factories.make_pathway(ap=factories.who("amal")).family
    )
    amal = str(factories.who("amal").public_id)
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    typed = decided(item, facts="Dort peu.", kind="NO_THIRD_VISIT", words="En reparler.", told_by=amal) | {
        "tell_on": due
    }

    answer = as_("farid").post(address("meeting_item", item.public_id), typed)

    assert answer.status_code == 422
    assert list(answer.context["words"].errors) == ["told_by"]
    assert not answer.context["decision"].errors
    item.refresh_from_db()
    assert (item.facts, Decision.objects.count()) == ("", 0)


def test_refusal_of_the_decision_keeps_the_words_on_the_page_and_nowhere_else(as_: Any, vallees: scope.Scope) -> None:
    item = factories.make_meeting_item(
        factories.make_meeting(), factories.make_pathway(ap=factories.who("amal")).family
    )
    typed = decided(item, family_words="Elle veut bien.", facts="Dort peu.", kind="CALL", words="Appeler.",
        told_by=str(factories.who("amal").public_id),
    )  # fmt: skip

    answer = as_("farid").post(address("meeting_item", item.public_id), typed)

    assert answer.status_code == 422
    assert list(answer.context["decision"].errors) == ["owner"]
    assert "Dort peu." in answer.content.decode()
    item.refresh_from_db()
    assert (item.facts, Decision.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("who", "reads"), [("elise", True), ("farid", True), ("nora", False), ("olga", False), ("amal", False)]
)
def test_draft_is_read_by_those_who_write_it(as_: Any, vallees: scope.Scope, who: str, *, reads: bool) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    held = factories.make_meeting(invited=(factories.who("amal"),))
    item = factories.make_meeting_item(held, pathway.family, facts="Dort peu.")
    page = as_(who).get(address("meeting", held.public_id))
    pdf = as_(who).get(address("meeting_pdf", held.public_id))

    assert ("Dort peu." in page.content.decode()) is reads
    # The agenda on paper says nothing of what is being written.
    assert "Dort peu." not in "".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages)
    assert (as_(who).get(address("meeting_item", item.public_id)).status_code == 200) is reads


def test_pmi_doctor_who_is_invited_writes_with_the_team(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    held = factories.make_meeting(invited=(factories.who("nora"),))
    item = factories.make_meeting_item(held, pathway.family, facts="Dort peu.")

    assert "Dort peu." in as_("nora").get(address("meeting", held.public_id)).content.decode()
    assert as_("nora").get(address("meeting_item", item.public_id)).status_code == 200


def test_refused_item_keeps_what_was_typed(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    item = factories.make_meeting_item(factories.make_meeting(), pathway.family)

    response = as_("farid").post(
        address("meeting_item", item.public_id), decided(item, facts="Dort peu.", kind="THIRD_VISIT", words="")
    )

    assert response.status_code == 422
    assert "words" in response.context["decision"].errors
    assert response.context["words"]["facts"].value() == "Dort peu."
    assert response.context["decision"]["kind"].value() == "THIRD_VISIT"


def test_paper_names_families_by_reference_and_holds_nothing_sealed(as_: Any, minutes: MeetingItem) -> None:
    factories.make_decision(minutes)
    response = as_("elise").get(address("meeting_pdf", minutes.meeting.public_id))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert minutes.family.reference in text
    assert "Haddad" not in text
    assert "Elle souhaite un appel." in text


def test_participant_reads_on_paper_only_her_own_families(as_: Any, minutes: MeetingItem) -> None:
    response = as_("fanny").get(address("meeting_pdf", minutes.meeting.public_id))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert minutes.family.reference not in text


@pytest.mark.parametrize(("hidden", "said"), [(1, "1 autre point, auquel"), (2, "2 autres points, auxquels")])
@pytest.mark.parametrize("is_validated", [False, True])
def test_paper_counts_the_other_items_as_one_says_it(
    as_: Any, vallees: scope.Scope, hidden: int, said: str, is_validated: bool
) -> None:
    """Inès is at a table where only one family is hers."""
    hers = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(hers.family, to=factories.who("ines"))
    meeting = factories.make_meeting(present=(factories.who("ines"),), is_validated=is_validated)
    factories.make_meeting_item(meeting, hers.family, family_words="Oui.")
    for _ in range(hidden):
        factories.make_meeting_item(meeting, factories.make_pathway(ap=factories.who("amal")).family)

    response = as_("ines").get(address("meeting_pdf", meeting.public_id))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    plain = " ".join(text.replace("\u00a0", " ").split())
    expected = f"{said.partition(',')[0]}, que ce lecteur ne lit pas." if is_validated else f"{said} ce lecteur"
    assert expected in plain


def test_page_of_a_meeting_costs_the_same_for_ten_families(as_: Any, vallees: scope.Scope) -> None:
    meeting = factories.make_meeting(present=(factories.who("elise"), factories.who("farid")))
    for _ in range(2):
        factories.make_decision(factories.make_meeting_item(meeting, factories.make_pathway().family))
    url, client = address("meeting", meeting.public_id), as_("elise")
    few = count(client, url)

    for _ in range(8):
        factories.make_decision(factories.make_meeting_item(meeting, factories.make_pathway().family))

    assert count(client, url) == few


@pytest.fixture
def entry(vallees: scope.Scope) -> CoordinationEntry:
    """A time of coordination about a family of Amal, opened to Inès and Gaëlle."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    for name in ("ines", "gaelle"):
        factories.make_grant(pathway.family, to=factories.who(name))
    return noted(pathway, note="Elle ne dort plus.")


@pytest.mark.parametrize("who", ["elise", "nora", "olga", "farid", "amal", "ines", "gaelle"])
def test_time_of_coordination_is_read_by_the_team_and_the_agreed_circle(
    as_: Any, entry: CoordinationEntry, who: str
) -> None:
    page = as_(who).get(address("coordination", entry.family.public_id)).context["coordination"]

    assert [one.note for one in page.entries] == ["Elle ne dort plus."]


@pytest.mark.parametrize(("who", "recipient"), [("ines", Recipient.LIBERAL_MIDWIFE), ("gaelle", Recipient.PMI)])
@pytest.mark.parametrize("event", ["NO", "LATER", "never asked", *sorted(STOPPED), "silence"])
def test_time_of_coordination_leaves_the_circle_with_a_no_or_a_stop(
    as_: Any, entry: CoordinationEntry, who: str, recipient: str, event: str
) -> None:
    answers = RecipientConsent.objects.filter(recipient=recipient)
    if event in Agreement.values:
        answers.update(answer=event)
    elif event == "never asked":
        answers._raw_delete(answers.db)
    elif event == "silence":
        Birth.objects.update(is_silent=True)
    else:
        Pathway.objects.update(state=event)

    response = as_(who).get(address("coordination", entry.family.public_id))
    of_team = as_("farid").get(address("coordination", entry.family.public_id))

    assert response.context["coordination"].entries == ()
    text = response.content.decode()
    assert "Elle ne dort plus." not in text
    assert entry.participants not in text
    assert "1\xa0échange noté" in text
    assert "Elle ne dort plus." in of_team.content.decode()


def noted(pathway: Pathway, **fields: Any) -> CoordinationEntry:
    values = {"on": timezone.localdate(), "minutes": 10, "participants": "Docteur Roche au téléphone"} | fields
    entry: CoordinationEntry = CoordinationEntry.objects.create(
        family=pathway.family, pathway=pathway, noted_by=factories.who("elise"), noted_at=clock.now(), **values
    )
    return entry


def test_families_closed_without_anybody_taking_time_are_listed(as_: Any, vallees: scope.Scope) -> None:
    forgotten = factories.make_pathway(state=PathwayState.CLOSED)
    spoken = factories.make_pathway(state=PathwayState.CLOSED)
    noted(spoken)
    met = factories.make_pathway(state=PathwayState.CLOSED)
    factories.make_meeting_item(factories.make_meeting(is_validated=True), met.family)
    factories.make_pathway()

    page = as_("elise").get(address("uncoordinated")).context["page"]

    assert [row.family_id for row in page.object_list] == [forgotten.family.public_id]


def test_decisions_are_listed_for_their_owner_and_her_team(as_: Any, minutes: MeetingItem) -> None:
    factories.make_decision(minutes)

    hers = as_("amal").get(address("decisions")).context["page"].object_list
    of_team = as_("farid").get(address("decisions"), {"etat": "equipe"}).context["page"].object_list
    of_neighbour = as_("bea").get(address("decisions"), {"etat": "equipe"}).context["page"].object_list

    assert [len(rows) for rows in (hers, of_team, of_neighbour)] == [1, 1, 0]
