"""The grid: answers are only added, what is sealed stands apart, people conclude, and nothing counts points."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import grid, suggestions
from pathways.enums import (
    GridStatus,
    GridValue,
    PathwayState,
    Presence,
    ScreeningSource,
    SuggestionCause,
    SuggestionKind,
)
from pathways.models import (
    Alert,
    Family,
    GridAnswer,
    GridConclusion,
    GridFactor,
    GridReview,
    Pathway,
    SealedGridAnswer,
    SealedSignal,
    Suggestion,
)
from pathways.perms import ASK_THIRD_VISIT
from territories.models import HistoryEvent, OutgoingMessage
from tests.factories import make_pathway, who
from tests.pathways.screening import factor, source, tell, tell_sealed

HOUR = timedelta(hours=1)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"))


def test_answers_are_kept_and_the_latest_stands(pathway: Pathway) -> None:
    at = clock.now()
    tell(pathway, "V1_HOUSING", at=at - HOUR)
    tell(pathway, "V1_HOUSING", GridValue.ABSENT, at=at)

    values = GridAnswer.objects.order_by("at").values_list("value", flat=True)
    assert list(values) == [GridValue.PRESENT, GridValue.ABSENT]


@pytest.mark.parametrize("model", [GridAnswer, GridReview, SealedGridAnswer, SealedSignal, GridConclusion])
def test_screening_rows_are_only_added(pathway: Pathway, model: type[models.Model]) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.update(family=pathway.family)  # type: ignore[attr-defined]


def test_sealed_factor_never_enters_the_open_table(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="compartiment protégé"):
        tell(pathway, "V3_PARTNER_VIOLENCE")

    at = clock.now()
    fields = {"person": "mother", "value": "present", "at": at, "recorded_at": at, "author": who("amal")}
    with pytest.raises(IntegrityError, match="other table"), transaction.atomic():
        GridAnswer.objects.create(
            family=pathway.family, factor=factor("V3_PARTNER_VIOLENCE"), source=ScreeningSource.CALL, **fields
        )
    with pytest.raises(IntegrityError, match="other table"), transaction.atomic():
        SealedGridAnswer.objects.create(
            family=pathway.family, factor=factor("V1_HOUSING"), source=ScreeningSource.CALL, presence="ALONE", **fields
        )


def test_open_factor_never_enters_the_sealed_compartment(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="pas dans le compartiment"):
        tell_sealed(pathway, "V1_HOUSING")


def test_skipping_needs_a_reason(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="pourquoi"):
        grid.review_grid(pathway=pathway, status=GridStatus.SKIPPED, skip_reason="", answers=(), source=source("amal"))

    grid.review_grid(pathway=pathway, status=GridStatus.SKIPPED, skip_reason="TIME", answers=(), source=source("amal"))
    assert GridReview.objects.get().skip_reason == "TIME"


@pytest.mark.parametrize(
    ("code", "is_suggested"), [("V1_HOUSING", True), ("V8_SEPARATED", False), ("R_SUPPORT", False)]
)
def test_psychosocial_factor_suggests_a_third_visit(pathway: Pathway, code: str, is_suggested: bool) -> None:
    tell(pathway, code)
    tell(pathway, code)

    causes = list(Suggestion.objects.values_list("kind", "cause").order_by("pk"))
    assert causes == ([("third_visit", "grid")] if is_suggested else [])


def test_factor_known_already_is_not_suggested_again_after_a_refusal(pathway: Pathway) -> None:
    tell(pathway, "V1_HOUSING")
    suggestion = Suggestion.objects.get()
    suggestions.decide_suggestion(
        suggestion=suggestion, is_accepted=False, reason="déjà suivie", by=who("farid"), at=clock.now()
    )

    tell(pathway, "V1_HOUSING")
    assert Suggestion.objects.count() == 1
    tell(pathway, "V9_TENSIONS")
    assert Suggestion.objects.undecided().count() == 1


def test_absent_factor_suggests_nothing(pathway: Pathway) -> None:
    tell(pathway, "V1_HOUSING", GridValue.ABSENT)
    tell(pathway, "V1_FOOD_MONEY", GridValue.REFUSES)

    assert not Suggestion.objects.exists()


def test_refusal_of_a_suggestion_needs_a_reason_and_is_decided_once(pathway: Pathway) -> None:
    tell(pathway, "V1_HOUSING")
    waiting = Suggestion.objects.get()
    with pytest.raises(BusinessError, match="pourquoi"):
        suggestions.decide_suggestion(
            suggestion=waiting, is_accepted=False, reason=" ", by=who("farid"), at=clock.now()
        )

    suggestions.decide_suggestion(suggestion=waiting, is_accepted=True, reason="", by=who("farid"), at=clock.now())
    with pytest.raises(BusinessError, match="Farid Martin a déjà décidé"):
        suggestions.decide_suggestion(
            suggestion=waiting, is_accepted=False, reason="non", by=who("elise"), at=clock.now()
        )


def test_request_of_the_parents_is_noted_once_while_it_waits(pathway: Pathway) -> None:
    fields = {"pathway": pathway, "is_of_parents": True, "by": who("amal"), "at": clock.now()}
    suggestions.ask_third_visit(note="ils la demandent", **fields)

    with pytest.raises(BusinessError, match="attend déjà"):
        suggestions.ask_third_visit(note="encore", **fields)
    assert Suggestion.objects.get().cause == SuggestionCause.PARENTS_REQUEST


@pytest.mark.parametrize("state", ["closed", "withdrawn", "moved", "bereaved"])
def test_no_third_visit_is_asked_for_once_no_visit_can_follow(vallees: scope.Scope, state: str) -> None:
    pathway, running = make_pathway(ap=who("amal"), state=state), make_pathway(ap=who("amal"))

    assert ASK_THIRD_VISIT.allows(who("amal"), running.family)
    assert not ASK_THIRD_VISIT.allows(who("amal"), pathway.family)
    with pytest.raises(BusinessError, match="terminé"):
        suggestions.ask_third_visit(pathway=pathway, is_of_parents=True, note="", by=who("amal"), at=clock.now())
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("code", "is_called"), [("V3_PARTNER_VIOLENCE", True), ("V4_SUICIDAL", True), ("V7_PRISON", False)]
)
def test_violence_or_mind_present_calls_the_team_and_tells_no_parent(
    pathway: Pathway, code: str, is_called: bool
) -> None:
    tell_sealed(pathway, code)

    kinds = list(Suggestion.objects.values_list("kind", flat=True).order_by("pk"))
    assert kinds == (["team_review"] if is_called else [])
    assert not OutgoingMessage.objects.exists()


def test_sealed_answer_keeps_who_was_near(pathway: Pathway) -> None:
    row = tell_sealed(pathway, "V3_OTHER_VIOLENCE", presence=Presence.PARTNER_NEAR)

    assert SealedGridAnswer.objects.get(pk=row.pk).presence == Presence.PARTNER_NEAR


def test_sealed_words_never_stand_in_the_history(pathway: Pathway) -> None:
    tell_sealed(pathway, "V3_PARTNER_VIOLENCE")
    signal(pathway)

    tables = [SealedGridAnswer._meta.db_table, SealedSignal._meta.db_table]
    written = list(HistoryEvent.objects.filter(table_name__in=tables).order_by("pk").values_list("after", flat=True))
    assert len(written) == 2
    assert written[0]["factor_id"] == written[0]["value"] == written[0]["comment"] == "…"
    assert written[1]["facts"] == written[1]["domains"] == "…"
    everything = str(list(HistoryEvent.objects.order_by("pk").values_list("before", "after")))
    assert "poussée" not in everything
    assert "frappée" not in everything


def signal(pathway: Pathway, **changes: str) -> SealedSignal | None:
    fields = {"facts": "« frappée »", "presence": Presence.ALONE, "safe_call": "YES"} | changes
    return grid.signal_to_team(pathway=pathway, domains=["VIOLENCE"], source=source("amal"), **fields)


def test_signal_alerts_the_team_without_a_word(pathway: Pathway) -> None:
    signal(pathway)

    alert = Alert.objects.get()
    assert (alert.code, alert.is_sealed, alert.facts) == ("PROTECTED:PROTECTED_SIGNAL", True, "")


@pytest.mark.parametrize(("answer", "is_discreet"), [("YES", False), ("ONLY_TIMES", True), ("NO", True)])
def test_unsafe_call_tightens_the_contact_rules(pathway: Pathway, answer: str, is_discreet: bool) -> None:
    Family.objects.filter(pk=pathway.family_id).update(is_discreet=False)

    signal(pathway, safe_call=answer)

    family = Family.objects.get(pk=pathway.family_id)
    assert (family.is_discreet, family.through_team_since is not None) == (is_discreet, is_discreet)
    assert family.may_sms


def test_signal_without_words_is_refused(pathway: Pathway) -> None:
    with pytest.raises(BusinessError, match="vu ou entendu"):
        signal(pathway, facts="  ")

    assert not Alert.objects.exists()


def test_conclusion_is_in_words_and_keeps_the_former_one(pathway: Pathway) -> None:
    for level in ("ordinary", "shared"):
        grid.conclude_grid(pathway=pathway, level=level, proposals="Appel de la PMI.", by=who("farid"), at=clock.now())

    assert list(GridConclusion.objects.order_by("pk").values_list("level", flat=True)) == ["ordinary", "shared"]


def test_mourning_is_silent(vallees: scope.Scope) -> None:
    pathway = make_pathway(ap=who("amal"), state=PathwayState.BEREAVED)

    of_visit = replace(source("amal", kind=ScreeningSource.VISIT), id=uuid4())
    told = grid.Told(factor=factor("V1_HOUSING"), value=GridValue.PRESENT)
    grid.add_answers(pathway=pathway, answers=[told], source=of_visit)

    assert not Suggestion.objects.exists()


def test_nothing_of_the_grid_is_a_number() -> None:
    """HAS gives factors, not a validated scale (domain.md 4.2): no column to add up, no function that does."""
    numbers = (models.IntegerField, models.DecimalField, models.FloatField)
    rows = (GridAnswer, SealedGridAnswer, GridReview, GridConclusion, SealedSignal, GridFactor)
    found = [
        f"{row.__name__}.{field.name}"
        for row in rows
        for field in row._meta.concrete_fields
        if isinstance(field, numbers) and not field.primary_key
    ]

    assert found == ["GridFactor.position"]
    root = Path(__file__).parents[3]
    code = "".join((root / "pathways" / name).read_text() for name in ("actions/grid.py", "reference_grid.py"))
    assert not re.search(r"\bsum\(|Count\(|weight|points", code)


def test_every_factor_of_the_report_is_in_the_grid(vallees: scope.Scope) -> None:
    asked = GridFactor.objects.exclude(link_id="").filter(template=grid.current_template()).order_by("position")

    assert asked.count() == 37
    assert not asked.filter(sensitivity="S3").exists()
    assert GridFactor.objects.filter(sensitivity="S3", ticker="care").count() == 0


def test_yes_to_a_third_visit_answers_every_cause_that_asks_for_it(pathway: Pathway) -> None:
    tell(pathway, "V1_HOUSING")
    suggestions.ask_third_visit(pathway=pathway, is_of_parents=True, note="", by=who("amal"), at=clock.now())
    first, second = Suggestion.objects.filter(kind=SuggestionKind.THIRD_VISIT).order_by("pk")

    suggestions.decide_suggestion(suggestion=first, is_accepted=True, reason="", by=who("farid"), at=clock.now())

    second.refresh_from_db()
    assert (second.is_accepted, second.decided_by) == (True, who("farid"))
    assert Pathway.objects.get(pk=pathway.pk).is_third_decided
