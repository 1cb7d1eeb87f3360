"""Words, clocks, threads and fields of the design layer; nothing here reads the database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from copa.kernel import drawings, french, look
from copa.kernel.forms import asked_at_times, field_view
from copa.kernel.look import Bead, Chip, Figure, PageLinks, RunProgress, Thread, Tile, clock_face
from copa.kernel.specimens import SampleForm

N = "\u00a0"
ENDED = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
DUE = ENDED + timedelta(hours=24)


def render(source: str, **values: object) -> str:
    return Template("{% load look %}" + source).render(Context(values))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """A day of another year is written with it: the words below are those of 2026."""
    with time_machine.travel(datetime(2026, 11, 3, 13, 5, tzinfo=UTC), tick=False):
        yield


# ---- Words ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "write, words",
    [
        (french.day, f"mar.{N}3{N}nov."),
        (french.full_day, f"3{N}nov.{N}2026"),
        (french.long_day, f"mardi{N}3{N}novembre"),
        (french.hour, f"14{N}h{N}05"),
        (french.moment, f"mar.{N}3{N}nov. à{N}14{N}h{N}05"),
    ],
)
def test_an_instant_is_written_in_the_active_time_zone(write, words) -> None:
    at = datetime(2026, 11, 3, 13, 5, tzinfo=UTC)

    with timezone.override("Europe/Paris"):
        assert write(at) == words


def test_the_same_instant_is_another_day_in_another_ocean() -> None:
    at = datetime(2026, 11, 3, 21, 30, tzinfo=UTC)

    with timezone.override("Indian/Reunion"):
        assert french.moment(at) == f"mer.{N}4{N}nov. à{N}1{N}h{N}30"


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (french.day, f"lun.{N}3{N}nov.{N}2025"),
        (french.long_day, f"lundi{N}3{N}novembre{N}2025"),
        (french.moment, f"lun.{N}3{N}nov.{N}2025 à{N}14{N}h{N}05"),
        (french.full_moment, f"lun.{N}3{N}nov.{N}2025 à{N}14{N}h{N}05"),
        (french.day_alone, f"lun.{N}3{N}nov."),
        (french.moment_alone, f"lun.{N}3{N}nov. à{N}14{N}h{N}05"),
    ],
)
def test_day_of_another_year_says_it(write, words) -> None:
    at = datetime(2025, 11, 3, 13, 5, tzinfo=UTC)

    with timezone.override("Europe/Paris"):
        assert write(at) == words


@pytest.mark.parametrize(("minute", "words"), [(59, f"jeu.{N}31{N}déc."), (60, f"ven.{N}1er{N}janv.{N}2027")])
def test_year_is_that_of_the_active_time_zone(minute, words) -> None:
    at = datetime(2026, 12, 31, 22, 0, tzinfo=UTC) + timedelta(minutes=minute)

    with timezone.override("Europe/Paris"):
        assert french.day(at) == words


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert french.day(date(2026, 11, 1)) == f"dim.{N}1er{N}nov."


@pytest.mark.parametrize(
    "name",
    [
        "day",
        "full_day",
        "long_day",
        "hour",
        "moment",
        "delay",
        "left",
        "phone",
        "number",
        "percent",
        "euros",
        "file_size",
    ],
)
def test_nothing_is_written_as_a_dash(name) -> None:
    assert getattr(french, name)(None) == "–"


@pytest.mark.parametrize(
    "span, words",
    [
        (timedelta(hours=5, minutes=20, seconds=59), f"5{N}h{N}20"),
        (timedelta(hours=1, minutes=5), f"1{N}h{N}05"),
        (timedelta(hours=2), f"2{N}h"),
        (timedelta(minutes=18), f"18{N}min"),
        (timedelta(seconds=59), f"moins d’1{N}min"),
        (timedelta(hours=47, minutes=59), f"47{N}h{N}59"),
        (timedelta(days=2, hours=3, minutes=50), f"2{N}j{N}3{N}h"),
        (timedelta(days=2), f"2{N}j"),
        (-timedelta(hours=2, minutes=10), f"2{N}h{N}10"),
    ],
)
def test_a_delay_is_written_with_two_units(span, words) -> None:
    assert french.delay(span) == words


@pytest.mark.parametrize(
    "span, words",
    [
        (timedelta(hours=5, minutes=20), f"il reste 5{N}h{N}20"),
        (timedelta(0), f"il reste moins d’1{N}min"),
        (-timedelta(hours=2, minutes=10), f"retard de 2{N}h{N}10"),
    ],
)
def test_time_left_turns_into_lateness_after_the_deadline(span, words) -> None:
    assert french.left(span) == words


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("+33199003107", f"01{N}99{N}00{N}31{N}07"),
        ("0199003107", f"01{N}99{N}00{N}31{N}07"),
        ("+262262001234", f"0262{N}00{N}12{N}34"),
        ("pas de téléphone", "pas de téléphone"),
    ],
)
def test_a_phone_is_shown_as_people_say_it(typed, shown) -> None:
    assert french.phone(typed) == shown


@pytest.mark.parametrize("typed, address", [("01 99 00 31 07", "tel:+33199003107"), ("15", "tel:15")])
def test_a_phone_becomes_a_call_link(typed, address) -> None:
    assert french.tel(typed) == address


@pytest.mark.parametrize(
    "ratio, words",
    [
        (0.88, f"88,0{N}%"),
        (Decimal("0.7205"), f"72,1{N}%"),
        (Fraction(1, 3), f"33,3{N}%"),
        (0, f"0,0{N}%"),
        (1, f"100,0{N}%"),
    ],
)
def test_a_ratio_is_written_with_one_decimal(ratio, words) -> None:
    assert french.percent(ratio) == words


@pytest.mark.parametrize(
    "amount, words",
    [(Decimal("200.77"), f"200,77{N}€"), (Decimal("1234567.005"), f"1{N}234{N}567,01{N}€"), (0, f"0,00{N}€")],
)
def test_money_has_two_decimals(amount, words) -> None:
    assert french.euros(amount) == words


@pytest.mark.parametrize(
    "value, words", [(1234, f"1{N}234"), (Decimal("2.50"), "2,5"), (0, "0"), (600_000, f"600{N}000")]
)
def test_a_number_is_grouped_by_thousands(value, words) -> None:
    assert french.number(value) == words


@pytest.mark.parametrize("size, words", [(812, f"812{N}o"), (14_200, f"14{N}Ko"), (1_200_000, f"1,2{N}Mo")])
def test_a_file_says_its_weight(size, words) -> None:
    assert french.file_size(size) == words


@pytest.mark.parametrize(
    "name, letters",
    [
        ("Claire Vasseur", "CV"),
        ("Dr Paul Lefort", "PL"),
        ("Inès", "I"),
        ("(Claire) Vasseur – 2", "CV"),
        ("’t Hooft", "TH"),
        ("–", "?"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials_leave_the_title_out(name, letters) -> None:
    assert french.initials(name) == letters


@pytest.mark.parametrize("count, words", [(0, f"0{N}famille"), (1, f"1{N}famille"), (2, f"2{N}familles")])
def test_a_word_agrees_from_two_on(count, words) -> None:
    assert french.plural(count, "famille") == words


def test_a_word_may_give_its_own_plural() -> None:
    assert french.plural(3, "compte rendu,comptes rendus") == f"3{N}comptes rendus"


@pytest.mark.parametrize(
    "names, words",
    [
        ((), ""),
        (["Noé"], "Noé"),
        (["Noé", "Léo"], f"Noé et{N}Léo"),
        (("Noé", "Léo", "Mia"), f"Noé, Léo et{N}Mia"),
    ],
)
def test_names_are_listed_as_they_are_said(names, words) -> None:
    assert french.listed(names) == words


@pytest.mark.parametrize(
    "name, words",
    [
        ("Noé", "de Noé"),
        ("Aaron", "d’Aaron"),
        ("Éloi", "d’Éloi"),
        ("Ulysse et Noé", "d’Ulysse et Noé"),
        ("Œdipe", "d’Œdipe"),
        ("Hélène", "d’Hélène"),
        ("Hugo", "d’Hugo"),
        ("Hadrien", "d’Hadrien"),
        ("Hamza", "de Hamza"),
        ("Houda", "de Houda"),
        ("Yves", "d’Yves"),
        ("Yanis", "de Yanis"),
        ("bébé", "de bébé"),
    ],
)
def test_name_is_elided_before_a_vowel_and_a_silent_h(name, words) -> None:
    assert french.of(name) == words


@pytest.mark.parametrize("label, words", [("Pilote CPP", "pilote CPP"), ("PMI", "PMI"), ("Écrit", "écrit"), ("", "")])
def test_label_inside_a_sentence_keeps_its_acronyms(label, words) -> None:
    assert french.inner(label) == words


@pytest.mark.parametrize(
    "on, words", [(date(2026, 12, 1), f"mar.{N}1er{N}déc."), (date(2026, 5, 5), f"mar.{N}5{N}mai.")]
)
def test_sentence_ends_with_one_point(on, words) -> None:
    assert french.full_stop(french.day(on)) == words


def test_things_that_hold_a_comma_are_set_apart_by_semicolons() -> None:
    assert french.series(["Coparent", "Amis"]) == "Coparent, Amis"
    assert french.series(["Garde l’aîné, le soir", "Amis"]) == "Garde l’aîné, le soir\u202f; Amis"
    assert french.capitalised("bébé a 2 jours") == "Bébé a 2 jours"


def test_a_session_is_named_as_its_owner_knows_it() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"

    assert french.device(agent) == "Firefox, Windows"
    assert french.device("") == "Appareil inconnu"


# ---- Clock ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "left, state, arc, text",
    [
        (timedelta(hours=19, minutes=45), "ok", "19.75", f"il reste 19{N}h{N}45"),
        (timedelta(hours=6, seconds=1), "ok", "6", f"il reste 6{N}h"),
        (timedelta(hours=6), "warn", "6", f"il reste 6{N}h"),
        (timedelta(0), "warn", "0", f"il reste moins d’1{N}min"),
        (-timedelta(seconds=1), "bad", "24", f"retard de moins d’1{N}min"),
    ],
)
def test_a_ring_empties_then_stays_red(left, state, arc, text) -> None:
    face = clock_face(DUE, ENDED, None, DUE - left)

    assert (face.state, face.arc, face.text, face.is_running) == (state, arc, text, True)


def test_a_report_delivered_at_the_deadline_is_in_time() -> None:
    face = clock_face(DUE, ENDED, DUE, DUE + timedelta(days=9))

    assert (face.state, face.text, face.is_running) == ("ok", f"remis en 24{N}h", False)


def test_a_report_delivered_a_second_later_is_late() -> None:
    face = clock_face(DUE, ENDED, DUE + timedelta(seconds=1), DUE + timedelta(days=9))

    assert face.state == "bad"
    assert face.text == f"remis avec moins d’1{N}min de retard"


def test_the_large_ring_says_the_time_it_took() -> None:
    face = clock_face(DUE, ENDED, ENDED + timedelta(hours=18, minutes=26), DUE)

    assert (face.big, face.small, face.arc) == (f"18{N}h{N}26", f"sur 24{N}h", "18.43")


def test_no_clock_before_the_visit_has_ended() -> None:
    assert render("{% clock due ended delivered now %}", due=None, ended=None, delivered=None, now=DUE) == ""


def test_a_running_clock_carries_what_the_page_counts_with() -> None:
    now = DUE - timedelta(hours=5)

    html = render("{% clock due ended delivered now %}", due=DUE, ended=ENDED, delivered=None, now=now)

    assert f'data-copa-clock="{DUE.isoformat()}"' in html
    assert 'data-copa-whole="86400"' in html
    assert f"il reste 5{N}h" in html


# ---- Thread --------------------------------------------------------------------------------------------
def test_a_thread_says_in_words_what_it_draws() -> None:
    thread = Thread((Bead(4, "V1", "done"), Bead(9, "V2", "planned"), Bead(21, "R", kind="relay")), 6)

    assert thread.sentence == f"J6{N}: V1 faite à{N}J4, V2 prévue à{N}J9"


def test_an_empty_thread_says_so() -> None:
    assert Thread().sentence == "aucune visite"


def test_a_bead_after_the_last_day_stands_at_the_end() -> None:
    assert Bead(30, "V2").place == 21
    assert Bead(-1, "V0").place == 0


@pytest.mark.parametrize(
    ("days", "tiers"),
    [
        ((0, 1, 3, 9), [1, 2, 1, 1]),
        # The second visit, and the relay handed over with the third one on the next day.
        ((5, 12, 13, 13), [1, 1, 2, 3]),
        ((7, 7, 8, 8, 8, 12), [1, 2, 3, 4, 4, 1]),
    ],
)
def test_no_caption_stands_within_three_days_of_another_on_its_line(days: tuple[int, ...], tiers: list[int]) -> None:
    thread = Thread(tuple(Bead(day, "V1") for day in days))

    assert [placed.tier for placed in thread.placed] == tiers
    assert thread.lines == max(tiers)


def test_two_beads_of_one_day_step_aside() -> None:
    thread = Thread((Bead(20, "V2"), Bead(21, "V3"), Bead(21, "R", kind="relay")))

    assert [placed.shift for placed in thread.placed] == ["", "back", "forth"]


def test_the_small_thread_has_a_name_and_no_localised_number() -> None:
    with timezone.override("Europe/Paris"):
        svg = drawings.mini_thread(Thread((Bead(5, "V1", "done"),), 18))

    assert f"<title>J18{N}: V1 faite à{N}J5</title>" in svg
    assert 'cx="278.4"' in svg


def test_the_big_thread_lists_captions_for_those_who_do_not_see_it() -> None:
    html = render("{% thread thread %}", thread=Thread((Bead(4, "V1", "done", caption="V1 faite", sub="jeu. 29"),), 9))

    assert "<b>V1 faite</b>" in html
    assert 'data-day="4"' in html


# ---- Figures -------------------------------------------------------------------------------------------
def test_a_figure_shows_its_parts() -> None:
    html = render("{% figure label yes of missing=9 %}", label="Remis", yes=412, of=468)

    assert f"88,0{N}%" in html
    assert f"412 sur 468{N}connus" in html


@pytest.mark.parametrize(
    ("missing", "known", "words"),
    [
        (0, 1, (f"Remis{N}: 1 sur 1, 0{N}manquant", f"1 sur 1{N}connu.")),
        (1, 2, (f"Remis{N}: 1 sur 2, 1{N}manquant", f"1 sur 2{N}connus.")),
        (2, 1234, (f"Remis{N}: 1 sur 1{N}234, 2{N}manquants", f"1 sur 1{N}234{N}connus.")),
    ],
)
def test_the_words_of_a_figure_agree_with_its_counts(missing, known, words) -> None:
    html = render("{% figure label 1 of missing=missing %}", label="Remis", of=known, missing=missing)

    assert words[0] in html
    assert words[1] in html


def test_a_masked_figure_shows_none_of_its_numbers() -> None:
    html = render("{% figure label yes of missing=7 %}", label="Ultra-précoces", yes=None, of=4321)

    assert "masqué" in html
    assert "4321" not in html.replace(N, "")


def test_a_figure_without_any_case_has_no_ratio() -> None:
    assert Figure("x", 0, 0).ratio is None
    assert "–" in render("{% figure label yes of %}", label="x", yes=0, of=0)


@pytest.mark.parametrize(
    "yes, verdict",
    [
        (90, f"objectif 90{N}% atteint"),
        (88, f"objectif 90{N}%, il manque 2,0{N}points"),
        (89, f"objectif 90{N}%, il manque 1,0{N}point"),
    ],
)
def test_a_figure_stands_beside_its_target(yes, verdict) -> None:
    assert Figure("x", yes, 100, target=Decimal("0.9")).verdict == verdict


# ---- Fields --------------------------------------------------------------------------------------------
class Refusal(forms.Form):
    name = forms.CharField(label="Prénom", help_text="celui d’usage")
    sleep = forms.ChoiceField(
        label="Où dort-il ?",
        widget=forms.RadioSelect,
        choices=[("a", Tile("Son lit", hint="près de nous")), ("b", "Ailleurs")],
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_refused_field_is_tied_to_its_sentence() -> None:
    html = render("{% field form.name %}", form=Refusal({"name": ""}))

    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "Ce champ est obligatoire." in html


def test_the_summary_links_to_each_refused_field() -> None:
    html = render("{% form_errors form %}", form=Refusal({"name": "", "sleep": ""}))

    assert 'href="#id_name"' in html
    assert 'href="#id_sleep_0"' in html
    assert "2 choses sont à corriger" in html


def test_the_summary_is_silent_when_all_is_well() -> None:
    assert render("{% form_errors form %}", form=Refusal({"name": "Inès", "sleep": "a"})).strip() == ""


def test_choices_become_tiles_with_their_second_line() -> None:
    html = render("{% field form.sleep flags='b' %}", form=Refusal())

    assert "<small>près de nous</small>" in html
    assert html.count("data-flag") == 1
    assert html.count('type="radio"') == 2


def test_a_hidden_field_has_no_label() -> None:
    assert "label" not in render("{% field form.token %}", form=Refusal())


@pytest.mark.parametrize(
    "name, kind, value",
    [("born_on", "date", "2026-10-25"), ("ended_at", "datetime-local", "2026-11-03T09:12")],
)
def test_the_device_s_pickers_get_iso_values(name, kind, value) -> None:
    with timezone.override("Europe/Paris"):
        widget = str(field_view(SampleForm()[name]).widget)

    assert f'type="{kind}"' in widget
    assert f'value="{value}"' in widget


def test_only_a_field_that_may_stay_empty_says_so() -> None:
    assert "(facultatif)" in render("{% field form.note %}", form=SampleForm())
    assert "(facultatif)" not in render("{% field form.child %}", form=SampleForm())


# ---- Lists ---------------------------------------------------------------------------------------------
def test_a_filter_keeps_the_others_and_starts_again_at_the_first_page() -> None:
    request = RequestFactory().get("/", {"ap": "7", "etat": "retard", "page": "3"})

    html = render(
        "{% filters chips %}",
        request=request,
        chips=[Chip("Semaine", {"etat": "semaine"}), Chip("Tous", {"etat": None})],
    )

    assert 'href="?ap=7&amp;etat=semaine"' in html
    assert 'href="?ap=7"' in html
    assert "aria-current" not in html


def test_the_chosen_filter_is_current() -> None:
    request = RequestFactory().get("/", {"etat": "semaine"})

    html = render("{% filters chips %}", request=request, chips=[Chip("Semaine", {"etat": "semaine"})])

    assert 'aria-current="true"' in html


def test_a_column_sorts_up_then_down() -> None:
    request = RequestFactory().get("/", {"tri": "nom"})

    html = render("{% sort_th 'Famille' 'nom' %}", request=request)

    assert 'aria-sort="ascending"' in html
    assert 'href="?tri=-nom"' in html


def test_a_page_says_how_much_of_how_much() -> None:
    request = RequestFactory().get("/", {"etat": "retard", "page": "2"})

    html = render("{% pager page 'famille' %}", request=request, page=Paginator(range(128), 20).page(2))

    assert f"20 sur 128{N}familles" in html
    assert 'href="?etat=retard&amp;page=3"' in html
    assert 'href="?etat=retard&amp;page=1"' in html


def test_a_page_cut_by_key_has_its_own_links() -> None:
    html = render("{% pager page 'famille' %}", page=PageLinks(6, None, "", "?apres=12"))

    assert 'href="?apres=12"' in html
    assert 'aria-disabled="true"' in html


@pytest.mark.parametrize("state, polls", [("queued", True), ("running", True), ("done", False), ("failed", False)])
def test_long_work_asks_again_only_while_it_runs(state, polls) -> None:
    run = RunProgress(state, "Export", done=2, total=8, poll_url="/suivi/")

    assert ("hx-get" in render("{% progress_run run %}", run=run)) is polls


def test_an_alert_band_may_have_buttons() -> None:
    html = render(
        "{% alert_band 'bad' 'alert' titre %}<p>Quoi</p>{% alert_actions %}<a>Voir</a>{% endalert_band %}",
        titre="A & B",
    )

    assert "A &amp; B" in html
    assert "<a>Voir</a>" in html


def test_an_alert_band_without_buttons_has_no_row_for_them() -> None:
    assert 'class="row"' not in render("{% alert_band 'ok' 'check' 'Fait' %}<p>Quoi</p>{% endalert_band %}")


def test_what_people_typed_is_escaped() -> None:
    html = render("{% badge 'ok' 'check' text %}{% person text %}", text="<b>Zoé")

    assert "<b>" not in html


@pytest.mark.parametrize("name", sorted(look.ICONS))
def test_every_icon_of_ours_exists(name) -> None:
    assert "<svg" in render("{% icon name %}", name=name)


def test_an_icon_is_silent_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'home' %}")
    assert 'aria-label="Accueil"' in render("{% icon 'home' label='Accueil' %}")


def test_filter_taken_away_and_the_same_filter_written_are_one() -> None:
    chips = [Chip("À proposer", {"etat": None}, default="a-proposer"), Chip("Tout", {"etat": "toutes"})]

    for address, current in (("/", "10"), ("/?etat=a-proposer", "10"), ("/?etat=toutes", "01")):
        request = RequestFactory().get(address)
        html = render("{% filters chips %}", request=request, chips=chips)
        assert "".join(str(int("aria-current" in part)) for part in html.split("<a ")[1:]) == current, address


def test_field_that_another_answer_makes_necessary_is_not_called_optional() -> None:
    form = forms.Form()
    form.fields["plain"] = forms.CharField(required=False)
    form.fields["needed"] = asked_at_times(forms.CharField(required=False))

    assert field_view(form["plain"]).is_optional
    assert not field_view(form["needed"]).is_optional
