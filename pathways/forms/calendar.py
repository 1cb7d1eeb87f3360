"""Forms of the calendar: what is known of one line; when the midwife comes."""

from typing import Any

from django import forms

from pathways.actions.calendar import Known
from pathways.enums import CalendarSource, CalendarStatus, CertificateStatus, HalfDay, InterviewProfessional
from pathways.forms.inputs import day, line, tiles
from pathways.models import CalendarItem, CalendarRule
from pathways.rules import EARLY_INTERVIEW

_SOURCES = [choice for choice in CalendarSource.choices if choice[0] != CalendarSource.REPORT]
_YES_NO = [("yes", "Oui"), ("no", "Non")]
# Of the early prenatal interview alone (R223).
_INTERVIEW = ("professional", "professional_kind", "is_transmitted")


class ItemForm(forms.Form):
    """What is known of a line: its state, its day, who says so; the certificate where the line has one."""

    status = tiles(CalendarStatus.choices, "Où ça en est", error_messages={"required": "Choisissez ce que l’on sait."})
    on = day("Le", required=False, help_text="Le jour où c’est fait, ou prévu. Vide si on ne le sait pas.")
    source = tiles(_SOURCES, "Qui le dit", error_messages={"required": "Choisissez qui le dit."})
    certificate = tiles(CertificateStatus.choices, "Certificat de santé rempli par le médecin", required=False)
    certificate_on = day("Certificat rempli le", required=False)
    professional_kind = tiles(InterviewProfessional.choices, "Avec qui", required=False)
    professional = line("Son nom", max_length=120)
    is_transmitted = tiles(_YES_NO, "Compte rendu transmis à la maternité", required=False)

    def __init__(self, *args: Any, rule: CalendarRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        absent = [] if rule.certificate else ["certificate", "certificate_on"]
        if rule.code != EARLY_INTERVIEW:
            absent += _INTERVIEW
            self.fields["status"].choices = [one for one in CalendarStatus.choices if one[0] != CalendarStatus.MISSED]  # type: ignore[attr-defined]
        for name in absent:
            del self.fields[name]

    @property
    def known(self) -> Known:
        """As typed."""
        data = self.cleaned_data
        return Known(
            status=data["status"],
            source=data["source"],
            on=data["on"],
            certificate=data.get("certificate", ""),
            certificate_on=data.get("certificate_on"),
            professional=data.get("professional", ""),
            professional_kind=data.get("professional_kind", ""),
            is_transmitted={"yes": True, "no": False}.get(data.get("is_transmitted", "")),
        )


def initial_of(item: CalendarItem | None) -> dict[str, Any]:
    """The form of a line as it is known; nothing is chosen for one that is not."""
    if item is None:
        return {}
    words = {True: "yes", False: "no", None: ""}
    names = ("status", "on", "source", "certificate", "certificate_on", "professional", "professional_kind")
    return {name: getattr(item, name) for name in names} | {"is_transmitted": words[item.is_transmitted]}


class QuickForm(forms.Form):
    """One tap on a line: its new state."""

    status = forms.ChoiceField(choices=CalendarStatus.choices)


class PradoForm(forms.Form):
    """Whether she goes home with Prado."""

    prado = tiles(_YES_NO, "Retour à la maison avec Prado", error_messages={"required": "Choisissez oui ou non."})


class MidwifeForm(forms.Form):
    """A half-day on which the midwife is expected."""

    on = day("Jour", error_messages={"required": "Choisissez un jour."})
    half = tiles(HalfDay.choices, "Moment", error_messages={"required": "Choisissez le matin ou l’après-midi."})
