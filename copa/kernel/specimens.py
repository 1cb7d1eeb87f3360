"""Invented values for the style guide page: every component in every state, no row of the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Page, Paginator

from copa.kernel.charts import Bar, BarChart, LineChart, Point
from copa.kernel.look import Bead, Chip, Lane, PageLinks, ProofStep, RunProgress, Thread, Tile

_PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 3, 9, 12, tzinfo=_PARIS)
_DAY = timedelta(hours=24)


class SampleForm(forms.Form):
    """One field of each shape."""

    child = forms.CharField(label="Prénom de l’enfant", initial="Inès")
    phone = forms.CharField(label="Téléphone", help_text="10 chiffres, par exemple 01 99 00 31 07")
    maternity = forms.ChoiceField(
        label="Maternité", choices=[("sr", "Saint-Rémi"), ("mo", "Montreval")], required=False
    )
    born_on = forms.DateField(label="Date de naissance", initial=date(2026, 10, 25), widget=forms.DateInput)
    ended_at = forms.DateTimeField(
        label="Fin de la visite", initial=NOW, help_text="heure de la tablette, corrigée par le serveur"
    )
    starts_at = forms.TimeField(label="Heure du rendez-vous", widget=forms.TimeInput, required=False)
    weight = forms.IntegerField(label="Poids, en grammes", min_value=300, max_value=7000, required=False)
    reference = forms.CharField(label="Numéro de parcours", initial="VE-2026-0412", disabled=True)
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Ce que la famille a dit"}),
    )
    sleep = forms.ChoiceField(
        label="Où dort Inès ?",
        widget=forms.RadioSelect,
        initial="own",
        choices=[
            ("own", Tile("Son lit", hint="chambre des parents")),
            ("other", Tile("Son lit", hint="autre chambre")),
            ("parents", "Lit des parents"),
        ],
    )
    signs = forms.MultipleChoiceField(
        label="Avez-vous vu un de ces signes ?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("pale", Tile("Pâleur", flag=True)),
            ("fever", Tile("Fièvre ou froid", flag=True)),
            ("limp", Tile("Bébé mou, peu réactif", flag=True)),
        ],
    )
    pmi = forms.BooleanField(label="La mère accepte que la PMI reçoive les comptes rendus", required=False)


def _refused_form() -> SampleForm:
    typed = {"child": "Inès", "phone": "01 99 00 31", "born_on": "2027-02-03", "ended_at": "", "sleep": ""}
    form = SampleForm({f"refus-{name}": value for name, value in typed.items()}, prefix="refus")
    form.full_clean()
    form.add_error("phone", "Il manque 2 chiffres.")
    form.add_error("born_on", "Cette date est dans le futur.")
    form.add_error(None, "Cette famille a déjà un parcours en cours.")
    return form


@dataclass(frozen=True, slots=True)
class SampleClock:
    """The four instants of `{% clock %}`."""

    due: datetime
    ended: datetime
    delivered: datetime | None
    now: datetime


def _clock(left: timedelta, delivered_after: timedelta | None = None) -> SampleClock:
    ended = NOW + left - _DAY
    delivered = None if delivered_after is None else ended + delivered_after
    return SampleClock(ended + _DAY, ended, delivered, NOW)


def _clocks() -> dict[str, SampleClock]:
    return {
        "ok": _clock(timedelta(hours=19, minutes=45)),
        "warn": _clock(timedelta(hours=5, minutes=20)),
        "bad": _clock(-timedelta(hours=2, minutes=10)),
        "done": _clock(-timedelta(days=3), timedelta(hours=18, minutes=26)),
        "overdue": _clock(-timedelta(days=3), timedelta(hours=26, minutes=10)),
    }


def _threads() -> dict[str, Thread]:
    birth = Bead(0, "N", kind="birth", caption="Naissance", sub="25 oct.")
    relay = Bead(21, "R", kind="relay", caption="Relais PMI", sub="15 nov.")
    done, second = Bead(4, "V1", "done", caption="V1 faite", sub="jeu. 29"), Bead(9, "V2", "today")
    lanes = (
        Lane(0, 8, "Examen des 8 jours et certificat : fait", "ok", "check"),
        Lane(7, 13, "Examen de 2ᵉ semaine, d’ici au 7 nov.", "warn", "todo"),
        Lane(3, 12, "Sage-femme : Hélène Roussel, 4 passages", "", "home"),
    )
    today = Bead(9, "V2", "today", caption="V2 à 14 h", sub="aujourd’hui")
    maybe = Bead(16, "V3", "maybe", caption="V3 proposée", sub="avec la PMI")
    ultra = Bead(1, "UP", "done", caption="Ultra-précoce", sub="lun. 26")
    first = Bead(3, "V1", "done", caption="V1 faite", sub="mer. 28")
    late = Bead(20, "V2", "late", caption="V2 à fixer", sub="avant le 15")
    return {
        "file": Thread((birth, done, today, maybe, relay), 9, lanes, "Les 21 jours d’Inès"),
        "tight": Thread((birth, ultra, first, late, relay), 18, (), "Les 21 jours de Tom"),
        "over": Thread((birth, done, Bead(14, "V2", "done", caption="V2 faite", sub="8 nov."), relay), None),
        "row": Thread((done, second, Bead(16, "V3", "maybe"), Bead(20, "U", "late")), 9),
        "start": Thread((Bead(7, "V1", "late"),), 3),
        "parents": Thread((Bead(4, "V1", "done", caption="4 jours"), Bead(9, "V2", "planned", caption="9 jours")), 9),
    }


def _charts() -> dict[str, Any]:
    months = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.")
    counts = (
        (22, 31), (32, 43), (48, 61), (63, 78), (72, 90), (97, 114), (131, 152), (127, 146), (154, 170),
    )  # fmt: skip
    points = [Point(m, 100 * on / of, (on, of)) for m, (on, of) in zip(months, counts, strict=True)]
    holed = [*points[:3], Point("avr.", None, (None, None)), *points[4:6]]
    columns = ("Remis en 24 h", "Visites")
    bars = (Bar("T1", (66, 52, 10, 7)), Bar("T2", (138, 116, 18, 10)), Bar("T3", (226, 198, 38, None)))
    return {
        "line": LineChart("Comptes rendus remis en 24 h", points, aim=90, columns=columns),
        "holed": LineChart("Un mois masqué", holed, aim=90, columns=columns),
        "bars": BarChart("Visites par trimestre", ("V1", "V2", "V3", "sortie ultra-précoce"), bars),
        "empty": BarChart("Rien encore", ("V1", "V2"), ()),
    }


def _runs() -> list[RunProgress]:
    label = "Export du 3ᵉ trimestre 2026"
    return [
        RunProgress("queued", label),
        RunProgress("running", label, done=41_200, total=150_000),
        RunProgress("done", label, file_url="#fichier", file_label="Chiffres, CSV, 14 Ko"),
        RunProgress("failed", label, problem="Le disque est plein. Prévenez l’équipe technique, puis relancez."),
    ]


def _chips() -> tuple[Chip, ...]:
    return (
        Chip("À traiter", {"etat": None}, 12),
        Chip("Visite cette semaine", {"etat": "semaine"}, 41),
        Chip("Toutes", {"etat": "toutes"}, 128),
        Chip("Sofia Almeida", {"ap": "0"}, may_remove=True),
    )


def _proof() -> list[ProofStep]:
    start = datetime(2026, 10, 29, 16, 2, tzinfo=_PARIS)
    return [
        ProofStep("Écrit", start),
        ProofStep("Envoyé", start + timedelta(hours=17, minutes=36)),
        ProofStep("Remis"),
        ProofStep("Ouvert"),
    ]


def specimens() -> dict[str, Any]:
    """All that templates/styleguide needs."""
    pages: Page[int] = Paginator(range(128), 20).page(2)
    return {
        "now": NOW,
        "form": SampleForm(),
        "refused": _refused_form(),
        "clocks": _clocks(),
        "threads": _threads(),
        "charts": _charts(),
        "runs": _runs(),
        "chips": _chips(),
        "proof": _proof(),
        "page": pages,
        "links": PageLinks(6, None, "", "?apres=12"),
        "masked": None,
        "target": Decimal("0.90"),
        "states": (("ok", "check"), ("warn", "clock"), ("bad", "alert"), ("info", "info"), ("warm", "baby")),
    }
