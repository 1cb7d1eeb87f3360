"""Planning forms: a day and an hour per visit, the reason when it lies outside its dates, the yes to a warning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from copa.kernel.fields import DayField
from copa.kernel.french import day as in_words
from copa.kernel.french import full_day, inner
from visits.actions.planning import Slot
from visits.actions.questions import CONFIRMABLE, FOLLOWING, HOUR, MIDWIFE, OVERLAP, SAME_DAY, WINDOW
from visits.enums import NotDoneReason, NotJointReason, WindowReason
from visits.reads.planning import KindToPlan
from visits.reads.thread import named_kind
from visits.rules import KEEPS_ITS_DAYS

_REASONS = [("", "Choisir si la date est hors des dates prévues"), *WindowReason.choices]
_DAY = {"invalid": "Écrivez un jour.", "required": "Choisissez un jour."}
_HOUR = {"invalid": "Écrivez une heure, par exemple 14:30.", "required": "Choisissez une heure."}
_CONFIRMED = {
    WINDOW: "Oui, garder cette date hors des dates de la visite",
    HOUR: "Oui, garder cette heure",
    OVERLAP: "Oui, garder ces deux visites au même moment",
    FOLLOWING: "Oui, garder aussi celle qui la suit au même moment qu’une autre",
    SAME_DAY: "Oui, garder ces deux visites le même jour",
    MIDWIFE: "Oui, garder cette visite le même jour que la sage-femme, au même moment",
}


def moment_of(day: date, hour: time, zone: str) -> datetime:
    """An hour of the territory as an instant."""
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone))


def _day(label: str, *, required: bool, hint: str = "") -> DayField:
    return DayField(label=label, required=required, help_text=hint, error_messages=_DAY)


def _hour(label: str, *, required: bool) -> forms.TimeField:
    return forms.TimeField(label=label, required=required, widget=forms.TimeInput(), error_messages=_HOUR)


def _reason() -> forms.ChoiceField:
    return forms.ChoiceField(label="Pourquoi hors des dates ?", required=False, choices=_REASONS)


def _motive(choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Pourquoi une troisième visite ?",
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi une troisième visite."},
    )


# R047: with the PMI when possible, else why not; a visit by the PMI itself says so by its performer (R077).
JOINT = "JOINT"
_ALONE = [one for one in NotJointReason if one != NotJointReason.AP_FROM_PMI]


def _joint(pmi: str) -> forms.ChoiceField:
    """Whether the PMI comes along: offered first when it may be asked, chosen unless somebody says otherwise."""
    without = [(one.value, f"Non : {inner(one.label)}") for one in _ALONE]
    asked = [(JOINT, f"Oui, avec {pmi}")] if pmi else []
    return forms.ChoiceField(
        label="Avec la PMI ?",
        choices=[*asked, *without],
        initial=JOINT if pmi else NotJointReason.NO_AGREEMENT,
        widget=forms.RadioSelect,
        help_text="" if pmi else "La PMI ne peut pas être invitée : l’accord de la mère ou le secteur manque.",
        error_messages={"required": "Dites si la PMI vient, ou pourquoi non."},
    )


class ConfirmedForm(forms.Form):
    """A form whose warnings become boxes to tick once they have been given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in _CONFIRMED.items():
            self.fields[code] = forms.BooleanField(label=label, required=False)

    @property
    def confirmed(self) -> set[str]:
        """The warnings the person has said yes to."""
        return {code for code in CONFIRMABLE if self.cleaned_data.get(code)}

    def asks(self) -> list[str]:
        """The boxes to show: those a refusal asks for, and those already ticked."""
        refused = {error.code for error in self.non_field_errors().as_data()} if self.is_bound else set()
        ticked = {code for code in CONFIRMABLE if self.data.get(self.add_prefix(code))}
        return [code for code in _CONFIRMED if code in refused | ticked]

    def boxes(self) -> list[Any]:
        """The fields of `asks`."""
        return [self[code] for code in self.asks()]


class PlanForm(ConfirmedForm):
    """One AP, and for each visit still to plan a day and an hour; a visit left empty is not planned."""

    ap = forms.ChoiceField(label="Auxiliaire", error_messages={"required": "Choisissez une auxiliaire."})

    def __init__(self, *args: Any, kinds: Sequence[KindToPlan], aps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        self.fields["ap"].choices = [("", "Choisir"), *aps]  # type: ignore[attr-defined]
        # The first visit is what the page is opened for; the following ones may wait.
        needed = kinds[0].kind if kinds and (len(kinds) == 1 or not kinds[0].is_optional) else ""
        for kind in kinds:
            code, visit, is_needed = kind.kind.lower(), named_kind(kind.kind), kind.kind == needed
            hint = f"Entre le {in_words(kind.first)} et le {full_day(kind.last)}"
            self.fields[f"planned_at_{code}"] = _day(f"Jour de la {visit}", required=is_needed, hint=hint)
            self.fields[f"hour_{code}"] = _hour(f"Heure de la {visit}", required=is_needed)
            if kind.kind not in KEEPS_ITS_DAYS:
                self.fields[f"window_reason_{code}"] = _reason()
            if kind.motives:
                self.fields[f"motive_{code}"] = _motive(kind.motives)
            if kind.joint_pmi is not None:
                self.fields[f"joint_{code}"] = _joint(kind.joint_pmi)

    def groups(self) -> list[tuple[KindToPlan, list[Any]]]:
        """Each visit with its fields in order; the reason is asked once a date lies outside the window."""
        return [(kind, self._fields_of(kind.kind.lower())) for kind in self.kinds]

    def _fields_of(self, code: str) -> list[Any]:
        asked = ([f"window_reason_{code}"] if self._asks_reason(code) else []) + [f"motive_{code}", f"joint_{code}"]
        return [self[name] for name in (f"planned_at_{code}", f"hour_{code}", *asked) if name in self.fields]

    def _asks_reason(self, code: str) -> bool:
        name = f"window_reason_{code}"
        if name not in self.fields:
            return False
        reason = self[name]
        # A reason that is offered, after a hospital stay, is shown at once.
        is_asked = bool(reason.initial or (self.is_bound and (reason.errors or reason.data)))
        # It is shown only where it is needed: not as one that may be left out.
        reason.field.required = is_asked
        return is_asked

    def clean(self) -> dict[str, Any]:
        """A day needs its hour, an hour its day, and one visit at least."""
        cleaned: dict[str, Any] = super().clean() or {}
        for kind in self.kinds:
            code = kind.kind.lower()
            day, hour = cleaned.get(f"planned_at_{code}"), cleaned.get(f"hour_{code}")
            if day and hour is None and f"hour_{code}" not in self.errors:
                self.add_error(f"hour_{code}", _HOUR["required"])
            if hour is not None and not day and f"planned_at_{code}" not in self.errors:
                self.add_error(f"planned_at_{code}", _DAY["required"])
        if not self.errors and not any(cleaned.get(f"planned_at_{kind.kind.lower()}") for kind in self.kinds):
            raise forms.ValidationError("Choisissez un jour et une heure pour une visite au moins.", code="empty")
        return cleaned

    def slots(self, zone: str) -> list[Slot]:
        """The visits asked for; hours are the territory's."""
        found = []
        for kind in self.kinds:
            code = kind.kind.lower()
            day = self.cleaned_data.get(f"planned_at_{code}")
            if day:
                at = moment_of(day, self.cleaned_data[f"hour_{code}"], zone)
                reason, motive = (self.cleaned_data.get(f"{name}_{code}", "") for name in ("window_reason", "motive"))
                slot = Slot(kind=kind.kind, planned_at=at, window_reason=reason, motive=motive)
                found.append(replace(slot, **self._joint_part(code)))
        return found

    def _joint_part(self, code: str) -> dict[str, Any]:
        joint = self.cleaned_data.get(f"joint_{code}", "")
        return {"is_joint": joint == JOINT, "not_joint_reason": "" if joint == JOINT else joint}


class MoveForm(ConfirmedForm):
    """Another moment for one visit."""

    planned_at = _day("Nouveau jour", required=True)
    hour = _hour("Heure", required=True)
    window_reason = _reason()

    def asks_reason(self) -> bool:
        """Whether the reason is shown: the date lies outside its window, now or already before."""
        reason = self["window_reason"]
        reason.field.required = is_asked = bool(reason.errors or reason.value())
        return is_asked


class EarlyForm(MoveForm):
    """When an auxiliary makes an early visit, and whether she also becomes the family's where it has one."""

    planned_at = _day("Jour", required=True)
    takes_family = forms.BooleanField(
        label="Je deviens aussi l’auxiliaire de cette famille, et ses visites prévues me suivent", required=False
    )


# What may be known before the day; the others are noted at the door.
_BEFOREHAND = (
    NotDoneReason.FAMILY_CANCELLED,
    NotDoneReason.SERVICE_CANCELLED,
    NotDoneReason.REFUSED_DOOR,
    NotDoneReason.MOTHER_HOSPITAL,
    NotDoneReason.CHILD_HOSPITAL,
    NotDoneReason.ACCESS,
    NotDoneReason.OTHER,
)


class CancelForm(forms.Form):
    """Why a planned visit is cancelled."""

    reason = forms.ChoiceField(
        label="Pourquoi l’annuler ?",
        choices=[(reason.value, reason.label) for reason in _BEFOREHAND],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez pourquoi.", "invalid_choice": "Choisissez pourquoi."},
    )
