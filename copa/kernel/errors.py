"""The one expected refusal of the product, and how a form shows it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Model, UniqueConstraint


class BusinessError(Exception):
    """An action refuses because of facts. `code` is stable, `message` is French and says what to do.

    `field` names the input the sentence belongs to; None shows it at the top of the form.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    def beside(self, field: str | None) -> "BusinessError":
        """The same refusal at another field, of a page that asks under its own names."""
        return BusinessError(self.code, self.message, field=field)


class Refusals(BusinessError):
    """Several refusals at once, of one form; `every` holds each of them, with its own field.

    One alone keeps its code and its field, so that whoever awaits it recognises it.
    """

    def __init__(self, every: Sequence[BusinessError]) -> None:
        first = every[0]
        message = " ".join(error.message for error in every)
        alone = len(every) == 1
        super().__init__(first.code if alone else "several", message, field=first.field if alone else None)
        self.every = tuple(every)


class TooLate(BusinessError):
    """What was asked on `obj` is hers to do, but `obj` is past it: cancelled, stopped or closed meanwhile.

    Neither a refusal nor a fault: a second click, the "back" button, or a colleague who was faster.
    """

    def __init__(self, message: str, obj: Any) -> None:
        super().__init__("too_late", message)
        self.obj = obj


def show_in_form(form: forms.Form, error: BusinessError) -> None:
    """Put the refusal beside its field, or at the top when the form has no such field.

    A form that asks several things in one question says so: `stands_for` maps their names to its field.
    """
    if isinstance(error, Refusals):
        for one in error.every:
            show_in_form(form, one)
        return
    asked = getattr(form, "stands_for", {}).get(error.field, error.field)
    field = asked if asked in form.fields else None
    form.add_error(field, forms.ValidationError(error.message, code=error.code))


@contextmanager
def refusals_of(*models: type[Model], beside: str | Mapping[str, str] | None = None) -> Iterator[None]:
    """Run the block in a savepoint; a violated constraint of these models becomes its BusinessError.

    `beside` is the field of the page at which its sentence stands: one for all, or one by name of constraint (the top
    of the form for those it leaves out). None keeps the first field of the constraint.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = as_business_error(error, *models)
        if beside is None:
            raise refusal from error
        field = beside if isinstance(beside, str) else beside.get(refusal.code)
        raise refusal.beside(field) from error


def as_business_error(error: IntegrityError, *models: type[Model]) -> BusinessError:
    """The French sentence of the violated constraint of these models; re-raises what no constraint explains."""
    violated = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in models:
        for constraint in model._meta.constraints:
            if constraint.name == violated:
                message = str(getattr(constraint, "violation_error_message", constraint.name))
                field = _first_field(constraint)
                return BusinessError(str(constraint.name), message, field=field)
    raise error


def _first_field(constraint: Any) -> str | None:
    fields = constraint.fields if isinstance(constraint, UniqueConstraint) else ()
    return fields[0] if fields else None
