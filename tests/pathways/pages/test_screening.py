"""The pages of screening: what each person reads of it, and the doors that stay closed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions import epds as epds_actions
from pathways.actions import grid
from pathways.actions.suggestions import decide_suggestion
from pathways.enums import GridValue, Presence
from pathways.models import (
    Alert,
    EpdsCorrection,
    EpdsScreening,
    EpdsValues,
    GridAnswer,
    GridReview,
    Pathway,
    SealedGridAnswer,
    SealedSignal,
    Suggestion,
)
from pathways.reads import story
from pathways.reads.epds import repeats_due
from pathways.reads.suggestions import grid_completion
from pathways.rules.screening import EPDS_ITEMS, MIND_VITAL_CALLS
from territories.enums import DutyPlace
from territories.models import AccessLog
from tests import queries
from tests.cast import VALLEES
from tests.factories import make_grant, make_pathway, make_shift, who
from tests.pathways.screening import HIGH, LOW, factor, fill_epds, load_scale, source, tell, tell_sealed
from visits.questionnaire.alerts import alert_book

SECRET = "il m’a poussée"


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    pathway = make_pathway(ap=who("amal"), days_ago=14)
    make_grant(pathway.family, to=who("ines"))
    make_grant(pathway.family, to=who("marc"))
    return pathway


def address(name: str, row: Any) -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, row.public_id])


def sheet(*values: int, **changes: Any) -> dict[str, Any]:
    """What the form of the EPDS sends."""
    at = (clock.now() - timedelta(hours=1)).isoformat(timespec="minutes")[:16]
    fields = {"status": "DONE", "at": at, "source": "office", "presence": "ALONE", "reason": ""}
    return fields | dict(zip(EPDS_ITEMS, map(str, values), strict=True)) | changes


# ---- What is sealed ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["farid", "elise", "nora", "amal", "olga"])
def test_sealed_words_stand_on_no_open_page(pathway: Pathway, as_: Any, name: str) -> None:
    tell_sealed(pathway, "V3_PARTNER_VIOLENCE")
    client = as_(name)

    for url in (
        address("screening", pathway.family),
        reverse("visits:family", args=[VALLEES, pathway.family.public_id]),
    ):
        page = client.get(url).content.decode()
        assert SECRET not in page
        assert "Violences dans le couple" not in page


@pytest.mark.parametrize("name", ["farid", "elise", "nora"])
def test_named_reader_opens_the_compartment_and_is_logged(pathway: Pathway, as_: Any, name: str) -> None:
    tell_sealed(pathway, "V3_PARTNER_VIOLENCE", presence=Presence.PARTNER_NEAR)

    page = as_(name).get(address("sealed_screening", pathway.family)).content.decode()

    assert SECRET in page
    assert "le co-parent était là" in page
    line = AccessLog.objects.get(what="pathways.read_sealed_screening")
    assert (line.user, line.family_id, line.is_refused) == (who(name).user, pathway.family_id, False)


@pytest.mark.parametrize(("name", "is_reader"), [("farid", True), ("elise", True), ("amal", False), ("olga", False)])
def test_talk_that_a_sealed_answer_asks_is_known_to_its_readers_alone(
    pathway: Pathway, as_: Any, name: str, *, is_reader: bool
) -> None:
    tell_sealed(pathway, "V3_PARTNER_VIOLENCE")

    def knows() -> bool:
        return "Faire le point en équipe" in as_(name).get(address("screening", pathway.family)).content.decode()

    waits = knows()
    (one,) = Suggestion.objects.all()
    decide_suggestion(suggestion=one, is_accepted=True, reason="", by=who("farid"), at=clock.now())
    told = {event.title for event in story.told(pathway.family, who(name))}

    assert (waits, knows(), "Décision de l’équipe" in told) == (is_reader,) * 3


def test_auxiliary_never_opens_the_compartment_even_after_signalling(pathway: Pathway, as_: Any) -> None:
    client = as_("amal")
    sent = {"domains": ["VIOLENCE"], "facts": "« frappée »", "presence": "ALONE", "safe_call": "YES", "source": "call"}

    answer = client.post(address("signal", pathway.family), sent)

    assert answer.status_code == 302
    assert SealedSignal.objects.get().facts == "« frappée »"
    assert Alert.objects.get().is_sealed
    assert client.get(address("sealed_screening", pathway.family)).status_code == 403
    assert client.post(address("sealed_screening", pathway.family), {}).status_code == 403
    page = client.get(address("screening", pathway.family)).content.decode()
    assert "Vous avez prévenu l’équipe" in page
    assert "frappée" not in page
    assert "frappée" not in client.get(address("signal", pathway.family)).content.decode()
    assert AccessLog.objects.filter(what="pathways.read_sealed_screening", is_refused=True).count() == 2


def test_signal_of_another_auxiliary_is_not_told_to_her(pathway: Pathway, as_: Any) -> None:
    tell_sealed(pathway, "V4_SUICIDAL")

    page = as_("amal").get(address("screening", pathway.family)).content.decode()

    assert "Vous avez prévenu" not in page


def test_named_reader_adds_a_sealed_answer(pathway: Pathway, as_: Any) -> None:
    sent = {"factor": "V3_OTHER_VIOLENCE", "value": "present", "presence": "OTHER_NEAR", "source": "call"}

    answer = as_("farid").post(address("sealed_screening", pathway.family), sent)

    assert answer.status_code == 302
    assert SealedGridAnswer.objects.get().presence == "OTHER_NEAR"
    assert Suggestion.objects.get().kind == "team_review"


def test_sealed_factor_posted_to_the_open_grid_is_dropped(pathway: Pathway, as_: Any) -> None:
    sent = {"status": "TO_NOTE", "source": "call", "f_V3_PARTNER_VIOLENCE": "present", "f_V1_HOUSING": "present"}

    as_("amal").post(address("grid", pathway.family), sent)

    assert [row.factor.code for row in GridAnswer.objects.select_related("factor").order_by("pk")] == ["V1_HOUSING"]
    assert not SealedGridAnswer.objects.exists()


# ---- Outside the team -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["ines", "gaelle", "marc", "bea", "jeanne"])
def test_nobody_outside_the_team_opens_the_screening(pathway: Pathway, as_: Any, name: str) -> None:
    scale = fill_epds(pathway, *HIGH)
    client = as_(name)

    for url in (address("screening", pathway.family), address("epds", scale), address("epds_values", scale)):
        assert client.get(url).status_code == 403, url


@pytest.mark.parametrize("name", ["ines", "marc", "gaelle", "bea"])
def test_api_gives_no_screening_to_anybody(pathway: Pathway, as_: Any, name: str) -> None:
    """The co-parent has no account here, and no address of the API holds the mother's answers (A36)."""
    fill_epds(pathway, *HIGH)
    tell(pathway, "V1_HOUSING")
    client = as_(name)

    urls = [reverse(f"api:{kind}-list", args=[VALLEES]) for kind in ("family", "pathway", "report")]
    urls.append(reverse("api:family-detail", args=[VALLEES, pathway.family.public_id]))
    urls.append(reverse("api:pathway-detail", args=[VALLEES, pathway.public_id]))
    found = [client.get(url).content.decode().lower() for url in urls]

    assert not [text for text in found if any(word in text for word in ("epds", "grid", "housing", "screening"))]


def test_schema_of_the_api_names_no_screening(as_: Any) -> None:
    schema = as_("elise").get(reverse("schema")).content.decode().lower()

    assert not [word for word in ("gridanswer", "epdsscreening", "epdsvalues", "sealedsignal", "i10") if word in schema]


# ---- The grid ---------------------------------------------------------------------------------------------
def test_latest_answer_is_shown_and_the_former_one_kept(pathway: Pathway, as_: Any) -> None:
    tell(pathway, "V1_HOUSING", at=clock.now() - timedelta(days=2), comment="chez sa sœur")
    tell(pathway, "V1_HOUSING", "absent", by="farid")

    page = as_("farid").get(address("screening", pathway.family)).content.decode()

    assert "Logement absent ou précaire" in page
    assert "avant\u00a0: Présent" in page
    assert "score" not in page.replace("Sans score", "")


def test_skipping_without_a_reason_is_refused_and_stores_nothing(pathway: Pathway, as_: Any) -> None:
    answer = as_("amal").post(address("grid", pathway.family), {"status": "SKIPPED", "source": "call"})

    assert answer.status_code == 422
    assert "pourquoi le repérage" in answer.content.decode()
    assert not GridReview.objects.exists()


def test_completion_counts_pathways_gone_through(pathway: Pathway, as_: Any) -> None:
    other = make_pathway(ap=who("amal"))
    client = as_("amal")
    client.post(address("grid", pathway.family), {"status": "TO_NOTE", "source": "call"})
    client.post(address("grid", pathway.family), {"status": "TO_NOTE", "source": "call"})
    client.post(address("grid", other.family), {"status": "SKIPPED", "skip_reason": "TIME", "source": "call"})

    found = grid_completion()

    assert (found.done, found.included, found.skipped) == (1, 2, {"TIME": 1})
    assert found.reasons == [("Pas le temps", 1)]
    page = as_("farid").get(reverse("pathways:suggestions", args=[VALLEES])).content.decode()
    assert "Pas le temps" in page


def test_long_history_costs_the_queries_of_a_short_one(pathway: Pathway, as_: Any) -> None:
    def fill(times: int) -> None:
        for _ in range(times):
            for name in ("amal", "farid", "elise"):
                tell(pathway, "V1_HOUSING", by=name)
            fill_epds(pathway, *LOW)

    client, url = as_("farid"), address("screening", pathway.family)
    fill(1)
    short = queries.count(client, url)
    fill(9)

    assert queries.count(client, url) == short


# ---- The EPDS ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("extra", ["total", "epds.total", "score"])
def test_total_sent_by_the_client_is_refused(pathway: Pathway, as_: Any, extra: str) -> None:
    answer = as_("farid").post(address("epds_new", pathway.family), sheet(*LOW, **{extra: "0"}))

    assert answer.status_code == 422
    assert "calculé par la plateforme" in answer.content.decode()
    assert not EpdsScreening.objects.exists()


@pytest.mark.parametrize("value", ["4", "-1", "1.5", "deux", "03"])
def test_answer_outside_the_scale_is_refused(pathway: Pathway, as_: Any, value: str) -> None:
    answer = as_("farid").post(address("epds_new", pathway.family), sheet(*LOW, i07=value))

    assert answer.status_code == 422
    assert not EpdsScreening.objects.exists()


def test_empty_answer_must_be_said(pathway: Pathway, as_: Any) -> None:
    client, url = as_("farid"), address("epds_new", pathway.family)
    assert client.post(url, sheet(*LOW, i04="")).status_code == 422

    assert client.post(url, sheet(*LOW, i04="", is_missing="on")).status_code == 302
    assert EpdsScreening.objects.get().total is None


def test_midwife_with_a_grant_enters_it_sees_the_procedure_and_no_total(pathway: Pathway, as_: Any) -> None:
    client = as_("ines")

    answer = client.post(address("epds_new", pathway.family), sheet(*HIGH[:-1], 2))

    page = client.get(answer.url).content.decode()
    assert "Ne pas laisser seule" in page
    assert "sur 30" not in page
    assert Alert.objects.get().raised_by == who("ines")
    assert client.get(address("epds_values", EpdsScreening.objects.get())).status_code == 403


def test_procedure_is_not_told_to_those_who_may_not_know_the_tenth_answer(pathway: Pathway, as_: Any) -> None:
    scale = fill_epds(pathway, *([0] * 9), 3)

    assert "Ne pas laisser seule" in as_("nora").get(address("epds", scale)).content.decode()
    assert "Ne pas laisser seule" not in as_("olga").get(address("epds", scale)).content.decode()


def test_sheet_sent_twice_is_one_sheet_and_one_alert(pathway: Pathway, as_: Any) -> None:
    client, url = as_("farid"), address("epds_new", pathway.family)
    key = client.get(url).context["form"]["key"].value()
    asked = sheet(*([0] * 9), 1, key=str(key))

    first, again = client.post(url, asked), client.post(url, asked)

    assert first.url == again.url
    assert EpdsScreening.objects.count() == Alert.objects.count() == 1
    # Another page is another sheet, and so is the same mark from somebody else.
    client.post(url, sheet(*LOW, key=str(uuid4())))
    as_("elise").post(url, asked)
    assert EpdsScreening.objects.count() == 3


def test_sheet_of_before_the_birth_is_refused_beside_its_day(pathway: Pathway, as_: Any) -> None:
    before = f"{timezone.localtime(pathway.birth.at) - timedelta(days=684):%Y-%m-%dT%H:%M}"

    answer = as_("farid").post(address("epds_new", pathway.family), sheet(*LOW, at=before))

    assert answer.status_code == 422
    assert "précède la naissance" in answer.context["form"].errors["at"][0]
    assert not EpdsScreening.objects.exists()


@pytest.mark.parametrize(("who_reads", "is_told"), [("farid", True), ("nora", True), ("olga", False)])
def test_tenth_answer_is_marked_in_the_list_for_its_readers(
    pathway: Pathway, as_: Any, who_reads: str, is_told: bool
) -> None:
    scale = fill_epds(pathway, *([0] * 9), 1, by="elise")
    client = as_(who_reads)

    for url in (address("screening", pathway.family), address("epds", scale)):
        page = client.get(url).content.decode()
        assert ("réponse 10" in page) is is_told


@pytest.mark.parametrize("tenth", [0, 2])
@pytest.mark.parametrize(
    ("who_reads", "is_reader"), [("farid", True), ("elise", True), ("amal", False), ("olga", False)]
)
def test_a_low_total_reassures_nobody_who_may_not_know_the_tenth_answer(
    pathway: Pathway, as_: Any, who_reads: str, is_reader: bool, tenth: int
) -> None:
    """The words are the same whatever the tenth answer: they tell nothing of it."""
    scale = fill_epds(pathway, *([0] * 9), tenth, by="ines")
    client = as_(who_reads)

    for url in (address("screening", pathway.family), address("epds", scale)):
        page = client.get(url).content.decode()
        assert f"{tenth} sur 30" in page
        assert ("sous les seuils" in page) is is_reader
        assert ("à lire avec l’équipe" in page) is not is_reader
        assert ("réponse 10" in page) is (is_reader and tenth == 2)


def test_the_midwife_reads_whom_to_call_after_the_tenth_answer(pathway: Pathway, as_: Any) -> None:
    second = who("farid")
    second.user.phone = "+33199000077"
    second.user.save()
    make_shift(second, place=DutyPlace.SECOND, starts_in=-timedelta(hours=1))
    above = fill_epds(pathway, *([0] * 9), 1, by="ines")
    below = fill_epds(pathway, *([0] * 10), by="ines")
    client = as_("ines")

    page = client.get(address("epds", above)).content.decode()
    for number in (f"tel:{pathway.carrier.phone}", "tel:+33199000077", "tel:15", "tel:3114"):
        assert f'href="{number}"' in page
    assert 'href="tel:15"' not in client.get(address("epds", below)).content.decode()


def test_whom_the_tenth_answer_calls_is_what_the_alert_book_says() -> None:
    assert MIND_VITAL_CALLS[:-1] == alert_book().families["MIND_VITAL"].buttons
    assert "3114" in str(alert_book().families["MIND_VITAL"].steps)


def test_whoever_copied_the_sheet_knows_its_tenth_answer(pathway: Pathway, as_: Any) -> None:
    fill_epds(pathway, *([0] * 10), by="amal")

    assert "sous les seuils" in as_("amal").get(address("screening", pathway.family)).content.decode()


def test_answers_given_beside_the_coparent_reassure_nobody(pathway: Pathway, as_: Any) -> None:
    scale = fill_epds(pathway, *([0] * 10), presence="PARTNER_NEAR")

    page = as_("farid").get(address("screening", pathway.family))

    line = page.context["page"].scales[0]
    assert "à refaire, seule" in page.content.decode()
    assert not line.is_reassuring
    assert line.repeat_on == timezone.localdate(scale.at) + timedelta(days=14)


def test_values_and_sum_stand_behind_their_own_door(pathway: Pathway, as_: Any) -> None:
    scale = fill_epds(pathway, *LOW)
    client = as_("farid")
    arithmetic = "0 + 1 + 1 + 0 + 1 + 0 + 0 + 1 + 0 + 0 = 4"

    assert arithmetic not in client.get(address("epds", scale)).content.decode()
    assert arithmetic in client.get(address("epds_values", scale)).content.decode()
    assert AccessLog.objects.filter(what="pathways.read_epds_values", is_refused=False).count() == 1


def test_source_and_thresholds_are_always_printed(pathway: Pathway, as_: Any) -> None:
    page = as_("amal").get(address("epds", fill_epds(pathway, *LOW))).content.decode()

    assert "Cox, Holden et Sagovsky, 1987" in page
    assert "Guedeney et Fermanian, 1998" in page
    assert "9, 11 et 13, version CoPa 2026.1" in page


def test_correction_is_asked_by_the_auxiliary_and_accepted_by_the_team(pathway: Pathway, as_: Any) -> None:
    scale = fill_epds(pathway, *([0] * 9), 2, by="amal")
    sent = {"item": "i10", "value": "0", "reason": "erreur de recopie"}
    assert as_("amal").post(address("epds_correction", scale), sent).status_code == 302

    client = as_("farid")
    page = client.get(address("epds_values", scale))
    correction = page.context["detail"].corrections[0]
    client.post(reverse("pathways:decide_correction", args=[VALLEES, correction.public_id]), {"answer": "yes"})

    assert "= 0" in client.get(address("epds_values", scale)).content.decode()
    assert EpdsValues.objects.get().i10 == 2
    assert Alert.objects.open().count() == 1


def test_wording_of_the_territory_is_shown_with_its_points_in_its_own_order(pathway: Pathway, as_: Any) -> None:
    options = [{"label": f"choix {points}", "points": points} for points in (3, 0, 2, 1)]
    items = {key: {"text": f"question {key}", "options": options} for key in EPDS_ITEMS}
    document = {"language": "fr", "title": "Essai", "permission": "Accord n° 12", "items": items}
    client, url = as_("farid"), address("epds_new", pathway.family)
    assert "question i03" not in client.get(url).content.decode()

    epds_actions.load_wording(document=document, at=clock.now())

    page = client.get(url).content.decode()
    assert "question i03" in page
    assert 'name="i03" value="3"' in page


def test_office_chooses_the_language_of_the_sheet_among_those_loaded(pathway: Pathway, as_: Any) -> None:
    load_scale("ar", "ancien")
    load_scale("ar", "essai")
    load_scale("en", "test")
    client, url = as_("farid"), address("epds_new", pathway.family)

    on_paper = client.get(url)
    arabic = client.get(f"{url}?language=ar").content.decode()
    forged = client.get(f"{url}?language=xx").content.decode()

    assert on_paper.context["languages"] == [("fr", "Français"), ("en", "Anglais"), ("ar", "Arabe")]
    assert "essai i03" in arabic
    assert "ancien i03" not in arabic
    assert "test i03" not in arabic
    for page in (on_paper.content.decode(), forged):
        assert "essai" not in page
        assert "Réponse</span> n° 3" in page


def test_language_of_the_sheet_is_kept_with_the_questionnaire_and_while_it_is_refused(
    pathway: Pathway, as_: Any
) -> None:
    load_scale("ar", "essai")
    at = (clock.now() - timedelta(hours=1)).isoformat(timespec="minutes")[:16]
    sent = {"status": "DONE", "at": at, "source": "office", "presence": "ALONE", "reason": "", "language": "ar"}
    client, url = as_("farid"), address("epds_new", pathway.family)

    refused = client.post(url, sent)
    stored = client.post(url, sent | dict.fromkeys(EPDS_ITEMS, "0"))

    assert refused.status_code == 422
    assert "essai i03" in refused.content.decode()
    assert stored.status_code == 302
    assert EpdsScreening.objects.get().language == "ar"


# ---- Repeats and suggestions ------------------------------------------------------------------------------
def test_repeat_is_listed_from_the_fourteenth_day_until_it_is_done(pathway: Pathway) -> None:
    first = fill_epds(pathway, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0)
    due = first.repeat_on
    assert due is not None

    assert repeats_due(who("farid"), due - timedelta(days=1)) == []
    assert [line.family_id for line in repeats_due(who("farid"), due)] == [pathway.family.public_id]
    assert repeats_due(who("fanny"), due) == []
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        fill_epds(pathway, *LOW)
    assert repeats_due(who("farid"), due + timedelta(days=2)) == []


def close(pathway: Pathway) -> None:
    ended = {"closed_at": clock.now(), "closing_reason": "COMPLETE"}
    Pathway.objects.filter(pk=pathway.pk).update(state="closed", **ended)


@pytest.mark.parametrize(
    ("state", "is_listed"),
    [("closed", True), ("no_news", True), ("suspended", True), ("withdrawn", False), ("moved", False)],
)
def test_repeat_outlives_the_end_of_the_visits_but_not_a_stop(pathway: Pathway, state: str, *, is_listed: bool) -> None:
    """The scale of a second visit falls due at D+35 at the latest: the pathway has closed by then."""
    due = fill_epds(pathway, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0).repeat_on
    assert due is not None
    close(pathway) if state == "closed" else Pathway.objects.filter(pk=pathway.pk).update(state=state)

    assert bool(repeats_due(who("farid"), due + timedelta(days=5))) is is_listed
    # Nobody proposes it again a season later.
    assert bool(repeats_due(who("farid"), due + timedelta(days=91))) is (is_listed and state != "closed")


def test_repeat_is_filled_after_the_pathway_has_closed(pathway: Pathway, as_: Any) -> None:
    due = fill_epds(pathway, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0).repeat_on
    assert due is not None
    close(pathway)

    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        answer = as_("farid").post(address("epds_new", pathway.family), sheet(*LOW, key=str(uuid4())))

    assert answer.status_code == 302
    assert repeats_due(who("farid"), due + timedelta(days=2)) == []


def test_team_decides_and_its_refusal_is_kept(pathway: Pathway, as_: Any) -> None:
    as_("amal").post(address("third_visit", pathway.family), {"asker": "parents", "note": "ils la demandent"})
    suggestion = Suggestion.objects.get()
    client = as_("farid")
    assert client.post(address("decide_suggestion", suggestion), {"answer": "no"}).status_code == 422

    client.post(address("decide_suggestion", suggestion), {"answer": "no", "reason": "PMI déjà là"})

    kept = Suggestion.objects.get()
    assert (kept.is_accepted, kept.reason, kept.decided_by) == (False, "PMI déjà là", who("farid"))
    page = client.get(address("screening", pathway.family)).content.decode()
    assert "PMI déjà là" in page


def test_same_day_call_comes_first_on_the_list(pathway: Pathway, as_: Any) -> None:
    tell(pathway, "V1_HOUSING")
    other = make_pathway(ap=who("amal"), days_ago=12)
    fill_epds(other, *HIGH)

    page = as_("farid").get(reverse("pathways:suggestions", args=[VALLEES]))

    lines = page.context["page"].object_list
    assert lines[0].family_id == other.family.public_id
    assert lines[0].suggestion.is_same_day
    assert len(lines) == 3


def test_epds_at_a_cut_off_is_above_what_is_older(pathway: Pathway, as_: Any) -> None:
    tell(pathway, "V1_HOUSING")
    other = make_pathway(ap=who("amal"), days_ago=12)
    fill_epds(other, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0)

    response = as_("farid").get(reverse("pathways:suggestions", args=[VALLEES]))

    lines = response.context["page"].object_list
    assert [line.family_id == other.family.public_id for line in lines] == [True, True, False]
    assert [line.suggestion.is_same_day for line in lines] == [False] * 3
    assert "à décider le jour même" in response.content.decode()


def test_story_tells_that_it_was_done_and_no_result(pathway: Pathway, as_: Any) -> None:
    fill_epds(pathway, *HIGH)
    tell_sealed(pathway, "V4_SUICIDAL")
    url = reverse("visits:family", args=[VALLEES, pathway.family.public_id])

    page = as_("farid").get(url).content.decode()

    assert "EPDS rempli" in page
    assert "sur 30" not in page
    assert "suicid" not in page
    assert "EPDS rempli" not in as_("ines").get(url).content.decode()


def test_correction_that_is_asked_shows_wherever_the_scale_does_until_it_is_decided(pathway: Pathway, as_: Any) -> None:
    """Nobody reads 16 out of 30 without knowing that whoever copied the sheet contests it."""
    scale = fill_epds(pathway, *LOW, by="amal")
    as_("amal").post(address("epds_correction", scale), {"item": "i01", "value": "1", "reason": "ligne sautée"})
    pages = [
        ("amal", address("epds", scale), "Une correction est demandée"),
        ("farid", address("epds", scale), "Une correction est demandée"),
        ("farid", address("screening", pathway.family), "correction demandée"),
        ("elise", reverse("pathways:suggestions", args=[VALLEES]), "Corrections d’EPDS à accepter ou non"),
    ]

    shown = [words in as_(who_).get(url).content.decode() for who_, url, words in pages]
    counted = as_("elise").get(pages[-1][1]).content.decode()
    [asked] = EpdsCorrection.objects.all()
    epds_actions.decide_correction(correction=asked, is_accepted=False, by=who("farid"), at=clock.now())

    assert shown == [True] * 4
    assert "1\u00a0décision à prendre" in counted
    assert [words in as_(who_).get(url).content.decode() for who_, url, words in pages] == [False] * 4
    assert "corrigé" not in as_("farid").get(address("screening", pathway.family)).content.decode()


def test_accepted_correction_is_said_beside_the_scale(pathway: Pathway, as_: Any) -> None:
    scale = fill_epds(pathway, *LOW, by="amal")
    as_("amal").post(address("epds_correction", scale), {"item": "i01", "value": "1", "reason": "ligne sautée"})

    epds_actions.decide_correction(
        correction=EpdsCorrection.objects.get(), is_accepted=True, by=who("farid"), at=clock.now()
    )

    assert "corrigé" in as_("farid").get(address("screening", pathway.family)).content.decode()
    assert "corrigé" in as_("farid").get(address("epds", scale)).content.decode()


@pytest.mark.parametrize(("kind", "is_said"), [("third_visit", True), ("team_review", False)])
def test_question_of_a_talk_says_nothing_of_a_visit(pathway: Pathway, as_: Any, kind: str, *, is_said: bool) -> None:
    asked = Suggestion.objects.create(
        pathway=pathway, family_id=pathway.family_id, kind=kind, cause="epds", suggested_at=clock.now()
    )

    page = as_("farid").get(address("decide_suggestion", asked)).content.decode()

    assert ("Un oui ne prévoit pas la visite" in page) is is_said


def test_something_to_note_and_nothing_ticked_is_not_nothing_to_report(pathway: Pathway, as_: Any) -> None:
    def review(status: str, value: str, minutes: int) -> None:
        told = [grid.Told(factor=factor("V1_HOUSING"), value=value)]
        at = clock.now() + timedelta(minutes=minutes)
        given = {"skip_reason": "", "answers": told, "source": source("amal", at=at)}
        grid.review_grid(pathway=pathway, status=status, **given)

    shown = []
    for minutes, (status, value) in enumerate(
        [("TO_NOTE", GridValue.ABSENT), ("TO_NOTE", GridValue.PRESENT), ("PARTLY", GridValue.ABSENT)]
    ):
        review(status, value, minutes)
        shown.append(as_("farid").get(address("screening", pathway.family)).content.decode())

    assert ["rien de coché" in page for page in shown] == [True, False, False]
    assert ["rien à signaler" in page for page in shown] == [False, False, True]
