"""What each adult was told, who decided beside whom, the co-parent's own answer, the texts as they were given."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.information import answer_for_coparent, give_notice
from pathways.models import Consent, CoParent, CoParentConsent, InformationNotice, Mother, Pathway
from pathways.texts import TEXTS, Reader, offered_to, text_of
from tests import factories
from tests.pathways.actions.steps import accepted_birth
from tests.pathways.addresses import address
from tests.pathways.pages.test_inclusion import adhesion

COPARENT_TEXT = "notice-coparent-2026.1-fr"


# ---- At the inclusion ------------------------------------------------------------------------------------
def test_inclusion_writes_the_notice_apart_from_the_adhesion(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    as_("amal").post(address("inclusion", birth.public_id), adhesion(notice_form="INTERPRETED"))

    consent, notice = Consent.objects.get(), InformationNotice.objects.get()
    assert (consent.was_alone, consent.minor_beside) == (True, "")
    assert (notice.version, notice.form, notice.coparent) == ("notice-2026.1-fr", "INTERPRETED", None)
    assert notice.given_by == factories.who("amal")


@pytest.mark.parametrize(("days_short", "is_asked"), [(0, False), (1, True)])
def test_mother_under_eighteen_says_who_is_beside_her(
    as_: Any, vallees: scope.Scope, days_short: int, *, is_asked: bool
) -> None:
    birth = accepted_birth()
    today = timezone.localdate()
    born = today.replace(year=today.year - 18) + timedelta(days=days_short)
    Mother.objects.filter(family=birth.family).update(birth_on=born)
    url = address("inclusion", birth.public_id)

    page = as_("amal").get(url).content.decode()
    refused = as_("amal").post(url, adhesion())

    assert ("qui est à ses côtés" in page) is is_asked
    assert (refused.status_code == 422) is is_asked
    if is_asked:
        assert "minor_beside" in refused.context["form"].errors
        as_("amal").post(url, adhesion(minor_beside="ADULT_CHOSEN"))
        assert Consent.objects.get().minor_beside == "ADULT_CHOSEN"


def test_pressure_means_another_moment_and_stores_nothing(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(is_alone=""))

    assert "proposez-lui un autre moment" in response.content.decode()
    assert not Consent.objects.exists()
    assert not InformationNotice.objects.exists()


# ---- Co-parents ------------------------------------------------------------------------------------------
def _coparent() -> CoParent:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    return CoParent.objects.get(family=pathway.family)


def _give(coparent: CoParent | None, version: str = COPARENT_TEXT, family: Any = None) -> InformationNotice:
    return give_notice(
        family=family or coparent.family,
        coparent=coparent,
        version=version,
        form="GIVEN",
        by=factories.who("amal"),
        at=clock.now(),
    )


def _answer(coparent: CoParent, answer: str = "YES", *, is_safe: bool = True) -> None:
    answer_for_coparent(coparent=coparent, answer=answer, is_safe=is_safe, by=factories.who("amal"), at=clock.now())


def test_each_coparent_has_his_own_notice(vallees: scope.Scope) -> None:
    family = factories.make_pathway(factories.make_birth(factories.make_family(coparents=2))).family
    first, second = CoParent.objects.filter(family=family).order_by("pk")

    _give(first)

    assert InformationNotice.objects.filter(coparent=first).count() == 1
    assert not InformationNotice.objects.filter(coparent=second).exists()


@pytest.mark.parametrize("version", ["notice-2026.1-fr", "adhesion-2026.1-fr", "autre", ""])
def test_text_of_somebody_else_is_refused(vallees: scope.Scope, version: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        _give(_coparent(), version)

    assert refusal.value.code == "unknown_text"
    assert not InformationNotice.objects.filter(coparent__isnull=False).exists()


def test_coparent_is_informed_before_he_says_yes(vallees: scope.Scope) -> None:
    coparent = _coparent()

    with pytest.raises(BusinessError) as refusal:
        _answer(coparent)
    _give(coparent)
    _answer(coparent)

    assert refusal.value.code == "notice_first"
    assert CoParentConsent.objects.get().answer == "YES"


def test_coparent_comes_after_the_mother_and_not_after_her_withdrawal(vallees: scope.Scope) -> None:
    coparent = _coparent()
    _give(coparent)
    Consent.objects.update(withdrawn_at=clock.now(), withdrawn_by=factories.who("elise"))

    with pytest.raises(BusinessError) as refusal:
        _answer(coparent)

    assert refusal.value.code == "mother_first"


def test_yes_without_the_mothers_word_that_it_is_safe_is_refused_everywhere(vallees: scope.Scope) -> None:
    coparent = _coparent()
    _give(coparent)

    with pytest.raises(BusinessError) as refusal:
        _answer(coparent, is_safe=False)
    with pytest.raises(IntegrityError, match="coparent_consent_safe"), transaction.atomic():
        CoParentConsent.objects.create(
            coparent=coparent, family=coparent.family, answer="YES", at=clock.now(), collected_by=factories.who("amal")
        )

    assert refusal.value.code == "coparent_consent_safe"


def test_no_needs_nothing_and_the_last_answer_counts(vallees: scope.Scope) -> None:
    coparent = _coparent()
    _answer(coparent, "NO", is_safe=False)
    _give(coparent)

    _answer(coparent, "YES")

    assert CoParentConsent.objects.get().answer == "YES"


def test_pages_note_what_was_given_and_what_he_answers(as_: Any, vallees: scope.Scope) -> None:
    coparent = _coparent()
    family = coparent.family
    typed = {"to": str(coparent.public_id), "version": COPARENT_TEXT, "form": "READ"}

    as_("amal").post(address("notice_given", family.public_id), typed)
    answered = as_("amal").post(address("coparent_answer", coparent.public_id), {"answer": "YES", "is_safe": "on"})
    page = as_("amal").get(address("recipients", family.public_id)).content.decode()

    assert answered.status_code == 302
    assert "Information du co-parent" in page
    assert "Lue ensemble" in page
    assert "Être accompagné aussi" in page


# ---- Texts -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", [one.version for one in TEXTS])
def test_every_version_is_readable_from_the_file(as_: Any, vallees: scope.Scope, version: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    page = as_("amal").get(address("consent_text", pathway.family.public_id, version))

    assert page.status_code == 200
    assert version in page.content.decode()


def test_unknown_version_is_not_found(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    assert as_("amal").get(address("consent_text", pathway.family.public_id, "autre")).status_code == 404


def test_coparent_is_not_told_of_the_questionnaire_of_the_mother() -> None:
    template = text_of(COPARENT_TEXT)

    assert template is not None
    words = Path("templates", template.template).read_text()
    assert "questionnaire sur le moral" not in words
    assert "n’est pas montré à l’autre parent" in words
    assert [version for version, _ in offered_to(Reader.COPARENT)] == [COPARENT_TEXT]


# ---- Asked beside the mother's inclusion -----------------------------------------------------------------
def _included_with(as_: Any, **said: str) -> Any:
    birth = accepted_birth()
    url = address("inclusion", birth.public_id)
    shown = as_("amal").get(url).content.decode()
    response = as_("amal").post(url, adhesion(**said), follow=True)
    return shown, response


def test_coparent_is_asked_in_the_inclusion_and_answers_for_himself(as_: Any, vallees: scope.Scope) -> None:
    said = {"coparent_notice_0": "READ", "coparent_safe_0": "on", "coparent_answer_0": "YES"}

    shown, response = _included_with(as_, **said)

    assert "L’autre parent, s’il est là" in shown
    assert response.status_code == 200
    answer, coparent = CoParentConsent.objects.get(), CoParent.objects.get()
    assert (answer.coparent, answer.answer, answer.is_safe) == (coparent, "YES", True)
    given = InformationNotice.objects.get(coparent=coparent)
    assert (given.version, given.form) == (COPARENT_TEXT, "READ")
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "notices", "answers"),
    [
        ({}, 0, []),
        ({"coparent_notice_0": "GIVEN"}, 1, []),
        ({"coparent_answer_0": "LATER"}, 0, ["LATER"]),
        # A yes without his information, or without her word that it is safe, stays to be noted: nothing else waits.
        ({"coparent_answer_0": "YES", "coparent_safe_0": "on"}, 0, []),
        ({"coparent_answer_0": "YES", "coparent_notice_0": "READ"}, 1, []),
    ],
)
def test_nothing_of_the_coparent_delays_the_mother(
    as_: Any, vallees: scope.Scope, said: dict[str, str], notices: int, answers: list[str]
) -> None:
    _, response = _included_with(as_, **said)

    page = response.content.decode()
    assert Pathway.objects.count() == 1
    assert InformationNotice.objects.filter(coparent__isnull=False).count() == notices
    assert list(CoParentConsent.objects.values_list("answer", flat=True)) == answers
    assert ("reste à noter" in page) is ("YES" in said.values())


def test_family_without_a_coparent_is_asked_nothing_of_him(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth(family=factories.make_family(coparents=0))

    page = as_("amal").get(address("inclusion", birth.public_id)).content.decode()

    assert "L’autre parent ne lit pas" in page
    assert page.count("L’autre parent") == 1
    assert "6. Le parcours" in page
