"""The report on the tablet: kept as one goes, two screens told apart, an alert at the tap, signed, opened."""

import re

import pytest
from playwright.sync_api import Page, expect

from copa.kernel import scope
from pathways.models import Alert
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.browser.tablet import tablet, tick
from tests.cast import VALLEES, inside
from tests.pathways.screening import load_scale
from tests.visits import reports
from visits.models import Delivery, Report, SealedAnswers, Visit

pytestmark = pytest.mark.browser

KEPT = re.compile(r"Gardé à")
# Everything that takes the focus takes it in turn: what stands, with its tile, behind the bar at the bottom?
COVERED = """() => {
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  const bar = document.querySelector(".actions");
  const covered = [];
  for (const target of document.querySelectorAll("main :is(input, select, textarea, a[href], button)")) {
    target.focus();
    const seen = (target.closest("label") ?? target).getBoundingClientRect();
    const line = bar.getBoundingClientRect().top;
    if (document.activeElement === target && seen.height < line && seen.bottom > line + 1) {
      covered.push(target.name || target.textContent.trim());
    }
  }
  return covered;
}"""


@pytest.fixture
def visit(site: Site) -> Visit:
    with scope.opened(inside(VALLEES)):
        return reports.ended_visit()


def kept(page: Page) -> None:
    expect(page.locator("[data-copa-save-words]")).to_have_text(KEPT)


def answers() -> dict[str, object]:
    with scope.opened(inside(VALLEES)):
        return dict(Report.objects.get().answers)


def test_two_screens_are_told_apart_and_nothing_is_lost(site: Site, visit: Visit) -> None:
    first, second = tablet(site, visit), tablet(site, visit)

    tick(first, "who.present", "MOTHER")
    kept(first)
    tick(second, "who.present", "COPARENT")
    box = second.locator("[data-copa-conflict]")
    expect(box).to_be_visible()
    expect(box).to_contain_text("Coparent")
    expect(box).to_contain_text("Mère")
    assert answers()["who.present"] == ["MOTHER"]

    second.get_by_role("button", name="Garder ce qui est ici").click()
    kept(second)
    expect(box).to_be_hidden()
    assert answers()["who.present"] == ["COPARENT"]
    # The conflict is an answer of the server (409), which the browser notes as an error.
    assert all("409" in problem for problem in site.problems)


def test_two_screens_with_different_questions_answered_come_together(site: Site, visit: Visit) -> None:
    first, second = tablet(site, visit), tablet(site, visit)

    tick(first, "who.present", "MOTHER")
    kept(first)
    tick(second, "doc.given", "CARD")
    kept(second)

    expect(second.locator("[data-copa-conflict]")).to_be_hidden()
    expect(second.locator('input[name="who.present"][value="MOTHER"]')).to_be_checked()
    tick(first, "task.done", "LISTEN")
    expect(first.locator('input[name="doc.given"][value="CARD"]')).to_be_checked()
    kept(first)
    given = answers()
    assert (given["who.present"], given["doc.given"], given["task.done"]) == (["MOTHER"], ["CARD"], ["LISTEN"])
    assert site.problems == []


def test_taking_the_other_screen_s_answer_keeps_what_only_this_one_answered(site: Site, visit: Visit) -> None:
    first, second = tablet(site, visit), tablet(site, visit)

    tick(first, "who.present", "MOTHER")
    kept(first)
    tick(second, "doc.given", "CARD")
    tick(second, "who.present", "COPARENT")
    box = second.locator("[data-copa-conflict]")
    expect(box).to_be_visible()
    expect(box).not_to_contain_text("Documents")
    second.get_by_role("link", name="Reprendre l’autre version").click()
    kept(second)

    assert (answers()["who.present"], answers()["doc.given"]) == (["MOTHER"], ["CARD"])


def test_scale_in_words_follows_the_language_of_the_sheet(site: Site) -> None:
    with scope.opened(inside(VALLEES)):
        second = reports.ended_visit("V2", days=12)
        load_scale("ar", "essai")
    page = tablet(site, second)
    item, answer = page.get_by_text("essai i03", exact=True), page.get_by_text("essai 2", exact=True)

    tick(page, "who.present", "MOTHER")
    tick(page, "epds.status", "DONE")
    expect(item).to_be_hidden()
    tick(page, "epds.language", "ar")
    expect(item).to_be_visible()
    expect(answer).to_have_count(10)
    assert serious_problems(page) == []
    tick(page, "epds.i03", "2")
    kept(page)
    tick(page, "epds.language", "fr")
    expect(item).to_be_hidden()
    kept(page)

    given = answers()
    assert given["epds.language"] == "fr"
    expect(page.locator('input[name="epds.i03"][value="2"]')).to_be_checked()
    assert site.problems == []


def test_people_around_are_added_one_by_one(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    add = page.get_by_role("button", name="Ajouter une personne ou un service")
    assert page.locator('[name^="res.entry/"]').count() == 0

    for place, role in enumerate(("Garde l’aîné", "Fait les courses")):
        add.click()
        tick(page, f"res.entry/{place}/res.entry.kind", "FRIENDS")
        page.fill(f'input[name="res.entry/{place}/res.entry.role"]', role)
    kept(page)

    titles = page.locator('[data-copa-rows="res.entry"] [data-copa-row-title]').all_inner_texts()
    assert [title.replace("\u00a0", " ") for title in titles] == ["Appui 1", "Appui 2"]
    assert [row["res.entry.role"] for row in answers()["res.entry"]] == ["Garde l’aîné", "Fait les courses"]


def sign_out(page: Page) -> None:
    """As in another tab: the session is gone, the page stays."""
    page.context.clear_cookies()


def sign_in_again(site: Site, page: Page) -> None:
    """In another tab of the same browser: a new session, and with it a new CSRF token."""
    page.context.add_cookies([site.session_cookie("amal")])
    other = page.context.new_page()
    other.goto(page.url)
    other.close()


def test_what_is_typed_while_signed_out_is_kept_after_signing_in_again(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    sign_out(page)
    tick(page, "who.present", "MOTHER")
    expect(page.locator("[data-copa-save-words]")).to_contain_text("Pas gardé")

    sign_in_again(site, page)
    tick(page, "doc.given", "CARD")
    kept(page)

    assert (answers()["who.present"], answers()["doc.given"]) == (["MOTHER"], ["CARD"])


def test_what_was_not_kept_survives_a_reload_and_leaves_the_device_once_it_is(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    page.on("dialog", lambda dialog: dialog.accept())
    sign_out(page)
    page.fill('textarea[name="note.free"]', "Maman demande un rendez-vous.")
    expect(page.locator("[data-copa-save-words]")).to_contain_text("Pas gardé")
    sign_in_again(site, page)

    page.reload()
    kept(page)

    assert page.input_value('textarea[name="note.free"]') == "Maman demande un rendez-vous."
    assert answers()["note.free"] == "Maman demande un rendez-vous."
    assert not page.evaluate("() => Object.keys(window.sessionStorage).filter((key) => key.startsWith('copa-'))")


def test_a_sign_alerts_at_the_tap_and_a_reload_finds_everything(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    tick(page, "who.present", "MOTHER")
    tick(page, "mother.flag_any", "SOME")
    tick(page, "mother.flags", "MOTHER_BLEEDING")
    kept(page)

    with scope.opened(inside(VALLEES)):
        assert Alert.objects.get().code == "MOTHER_VITAL:MOTHER_BLEEDING"
    expect(page.get_by_role("link", name=re.compile("15")).first).to_be_visible()

    page.reload()
    assert page.locator('input[name="mother.flags"][value="MOTHER_BLEEDING"]').is_checked()
    assert site.problems == []


def test_item_10_lowered_again_takes_neither_the_alert_away_nor_what_to_do(site: Site) -> None:
    """Copied from the sheet at 2, then at 0: the mother was seen at 2 by whoever looked, and is not left alone."""
    with scope.opened(inside(VALLEES)):
        visit = reports.ended_visit("V2", days=12)
    page = tablet(site, visit)
    tick(page, "who.present", "MOTHER")
    tick(page, "epds.status", "DONE")
    tick(page, "epds.i10", "2")
    kept(page)
    procedure = page.locator('[data-copa-question^="alert/MIND_VITAL/"]').first
    expect(procedure).to_be_visible()

    tick(page, "epds.i10", "0")
    kept(page)

    for reload in (False, True):
        if reload:
            page.reload()
        expect(page.locator('input[name="epds.i10"][value="0"]')).to_be_checked()
        expect(procedure).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("15")).first).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="Ne pas laisser seule").first).to_contain_text("3114")
    with scope.opened(inside(VALLEES)):
        alert = Alert.objects.get()
        assert (alert.code, alert.ended_at, alert.acknowledged_at) == ("MIND_VITAL:EPDS_ITEM10", None, None)
        assert SealedAnswers.objects.get().answers["epds.i10"] == 0
    assert serious_problems(page) == []
    assert site.problems == []


def test_a_sign_taken_back_asks_why_and_the_phone_hears_no_score(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    tick(page, "who.present", "MOTHER")
    tick(page, "mother.flag_any", "SOME")
    tick(page, "mother.flags", "MOTHER_FEVER")
    kept(page)
    why = page.locator('[data-copa-question="alert/MOTHER_URGENT/alert.facts"]')
    expect(why.get_by_text("(facultatif)")).to_be_visible()
    page.locator('input[name="mother.flags"][value="MOTHER_FEVER"]').uncheck(force=True)
    kept(page)

    expect(why).to_contain_text("dites pourquoi")
    expect(why.get_by_text("(facultatif)")).to_be_hidden()
    page.get_by_role("button", name="Remettre à l’équipe").click()
    expect(page.locator("[data-copa-missing-list]")).to_contain_text("Les faits")
    page.fill('textarea[name="alert/MOTHER_URGENT/alert.facts"]', "Remesurée : 37,2.")
    expect(page.locator("[data-copa-missing-list]")).not_to_contain_text("Les faits")
    assert site.problems == []


def test_a_protected_situation_alerts_at_the_tick_and_is_written_apart(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    page.get_by_label("Signaler une situation protégée").check()
    page.fill('textarea[name="grid.s3_facts"]', "« J’ai peur. »")
    kept(page)

    expect(page.locator('[data-copa-question="grid.s3_signal"] [data-copa-procedure]')).to_be_visible()
    with scope.opened(inside(VALLEES)):
        assert Alert.objects.get().code == "PROTECTED:PROTECTED_SIGNAL"
        assert "grid.s3_facts" not in Report.objects.get().answers
        assert SealedAnswers.objects.get().answers["grid.s3_facts"] == "« J’ai peur. »"
    assert site.problems == []


def test_a_text_too_long_is_counted_and_stays_whole(site: Site, visit: Visit) -> None:
    page = tablet(site, visit)
    note = page.locator('textarea[name="note.free"]')

    note.fill("a" * 652)

    assert len(note.input_value()) == 652
    expect(page.locator('[data-copa-question="note.free"]')).to_contain_text("52\u00a0caractères de trop")


def test_a_saving_with_a_refused_value_does_not_say_complete(site: Site, visit: Visit) -> None:
    with scope.opened(inside(VALLEES)):
        reports.save(visit, reports.answers(visit))
    page = tablet(site, visit)

    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.fill('input[name="visit.km"]', "douze")

    expect(page.locator("[data-copa-missing-words]")).to_have_text("1\u00a0réponse à corriger")
    page.get_by_role("button", name="Remettre à l’équipe").click()
    expect(page.locator('input[name="visit.km"]')).to_be_focused()
    with scope.opened(inside(VALLEES)):
        assert Report.objects.get().state == "draft"


def test_a_whole_report_is_signed_and_counts_as_opened_once_it_was_before_somebodys_eyes(
    site: Site, visit: Visit
) -> None:
    with scope.opened(inside(VALLEES)):
        reports.save(visit, reports.answers(visit, sign__confirm=None))
    page = tablet(site, visit)
    tick(page, "sign.confirm", "true")
    kept(page)
    page.get_by_role("button", name="Remettre à l’équipe").click()
    page.wait_for_url("**/reports/*/")
    expect(page.locator("h1")).to_contain_text("Visite 1")

    reader = site.sign_in("farid")
    reader.goto(page.url)
    expect(reader.get_by_role("button", name="Lecture notée")).to_be_visible()
    with scope.opened(inside(VALLEES)):
        assert Delivery.objects.get().opened_by.user.email == "farid@copa.example"
    assert site.problems == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1024, 768)])
def test_the_bar_of_the_report_is_low_and_covers_nothing_that_has_the_focus(
    site: Site, visit: Visit, width: int, height: int
) -> None:
    page = tablet(site, visit)
    page.set_viewport_size({"width": width, "height": height})

    bar = page.locator(".actions").bounding_box()

    assert bar
    assert bar["height"] <= 112
    assert page.evaluate(COVERED) == []
    page.keyboard.press("Control+End")
    assert page.evaluate("() => document.querySelector('main').getBoundingClientRect().bottom") <= bar["y"] + 1
