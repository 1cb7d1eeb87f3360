"""One shape for the API: strict input, keyset pages, orjson, and one error object {code, message, fields}."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Protocol

import orjson
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from rest_framework import exceptions, serializers
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from copa.kernel.access import Perm, refusal
from copa.kernel.answers import UNKNOWN
from copa.kernel.errors import BusinessError

_STRANGE_CURSOR = "Ce curseur ne vient pas d’une page de cette liste."


class OrjsonRenderer(BaseRenderer):
    """JSON, UTF-8, dates in ISO 8601, instants in UTC."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


class KeysetPagination(CursorPagination):
    """50 rows a page, by an immutable key: the 1 000th page costs what the first one does."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "-pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """One page; a parameter that is not understood is refused, for it would otherwise look like the whole list."""
        unknown = sorted(set(request.query_params) - {self.cursor_query_param, self.page_size_query_param})
        if unknown:
            raise exceptions.ValidationError({name: ["Paramètre inconnu."] for name in unknown})
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        return page

    def get_page_size(self, request: Request) -> int:
        """`limit`, or 50 without one."""
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= self.max_page_size:
            message = f"Écrivez un nombre de 1 à {self.max_page_size}."
            raise exceptions.ValidationError({self.page_size_query_param: [message]})
        return int(text)

    def decode_cursor(self, request: Request) -> Any:
        """The place where the page begins, None for the first one; a cursor that no page gave is refused."""
        try:
            cursor = super().decode_cursor(request)
        except exceptions.NotFound:
            raise exceptions.ValidationError({self.cursor_query_param: [_STRANGE_CURSOR]}) from None
        # What is no base 64 at all is read as an empty cursor: the first page, which nobody asked for.
        if cursor is not None and not re.fullmatch("[0-9]{1,18}", str(cursor.position)):
            raise exceptions.ValidationError({self.cursor_query_param: [_STRANGE_CURSOR]})
        return cursor


# ---- What leaves ------------------------------------------------------------------------------------------
class Derived(serializers.CharField):
    """A text made of several columns of the row; `make` takes their values in this order."""

    def __init__(self, make: Callable[..., str | None], *columns: str, **options: Any) -> None:
        super().__init__(read_only=True, source="*", **options)
        self.make, self.columns = make, columns


class Pages(Protocol):
    """The part of a viewset that cuts pages."""

    def paginate_queryset(self, queryset: QuerySet[Any]) -> list[Any] | None: ...

    def get_paginated_response(self, data: Any) -> Response: ...


def lines(view: Pages, rows: QuerySet[Any], shape: type[serializers.Serializer[Any]]) -> Response:
    """One page of rows as `shape` describes them; the primary key that cuts the pages stays here.

    The fields of the serializer are the one definition of a line, for the schema and for the columns that are read:
    rows go from the cursor to JSON as values. Asking the serializer to render each cost more than the query.
    """
    page: list[dict[str, Any]] = view.paginate_queryset(rows.values("pk", *_columns(shape))) or []
    return view.get_paginated_response([_shaped(row, shape) for row in page])


def line(rows: QuerySet[Any], shape: type[serializers.Serializer[Any]], *, pk: int) -> dict[str, Any]:
    """One of the rows, as it stands in a list."""
    return _shaped(rows.values(*_columns(shape)).get(pk=pk), shape)


@lru_cache(maxsize=64)
def _parts(
    shape: type[serializers.Serializer[Any]],
) -> tuple[tuple[str, Callable[..., str | None] | None, list[str]], ...]:
    """(name in the answer, what makes its value or None for the column as it is, columns), in the order of fields."""
    return tuple(
        (name, field.make, list(field.columns))
        if isinstance(field, Derived)
        else (name, None, [str(field.source).replace(".", "__")])
        for name, field in shape().fields.items()
    )


def _columns(shape: type[serializers.Serializer[Any]]) -> list[str]:
    return list(dict.fromkeys(column for _, _, columns in _parts(shape) for column in columns))


def _shaped(row: dict[str, Any], shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    return {
        name: make(*[row[column] for column in columns]) if make else row[columns[0]]
        for name, make, columns in _parts(shape)
    }


# ---- What comes in ----------------------------------------------------------------------------------------
class StrictSerializer(serializers.Serializer[Any]):
    """Input whose unknown fields are refused: a typing error must not look like success."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Un objet JSON est attendu."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["Champ inconnu."] for name in unknown})
        return super().to_internal_value(data)


_NOTHING = "Rien n’a été envoyé\u00a0: un objet JSON est attendu."
# In place of the library's words: English, straight apostrophes, or the parser's position.
_SENTENCES: dict[type[exceptions.APIException], str] = {
    exceptions.MethodNotAllowed: "Cette adresse ne connaît pas cette méthode.",
    exceptions.NotAcceptable: "Cette API ne répond qu’en JSON.",
    exceptions.ParseError: "Le contenu envoyé n’est pas du JSON lisible.",
    exceptions.UnsupportedMediaType: "Le contenu envoyé doit être du JSON (Content-Type application/json).",
}
_TOKENLESS = "Le jeton de sécurité (X-CSRFToken) manque, ou n’est plus celui de votre session."


def needs(perm: Perm) -> type[BasePermission]:
    """The DRF door of a permission: the role at the list, the rows at the object (404 before 403 is `fetch`'s)."""

    class Needs(BasePermission):
        message = refusal(perm)

        def has_permission(self, request: HttpRequest, view: Any) -> bool:
            member = getattr(request, "member", None)
            return member is not None and perm.is_held_by(member)

        def has_object_permission(self, request: HttpRequest, view: Any, obj: Any) -> bool:
            return perm.allows(request.member, obj)  # type: ignore[attr-defined]

    return Needs


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every expected error as {code, message, fields}; an unexpected one is not caught and stays a 500."""
    fields: Any
    if isinstance(error, BusinessError):
        fields = {error.field: [error.message]} if error.field else {}
        return Response({"code": error.code, "message": error.message, "fields": fields}, status=409)
    if isinstance(error, Http404):
        error = exceptions.NotFound(UNKNOWN)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"code": "invalid", "message": "Des champs sont à corriger.", "fields": _fields_of(error)}
    elif isinstance(error, exceptions.APIException):
        response.data = {"code": error.get_codes(), "message": _sentence(error), "fields": {}}
    return response


def _fields_of(error: exceptions.ValidationError) -> Any:
    """The sentences by field; `null` instead of an object is told in French, which the library does not."""
    if error.get_codes() == {"non_field_errors": ["null"]}:
        return {"non_field_errors": [_NOTHING]}
    return _typeset(error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail})


def _sentence(error: exceptions.APIException) -> str:
    # The library tells a missing token apart by these words alone.
    if str(error.detail).startswith("CSRF Failed"):
        return _TOKENLESS
    return _SENTENCES.get(type(error)) or str(error.detail)


def _typeset(words: Any) -> Any:
    """The sentences of a tree of errors, with the apostrophe of the screens."""
    if isinstance(words, Mapping):
        return {name: _typeset(value) for name, value in words.items()}
    return [_typeset(value) for value in words] if isinstance(words, list) else str(words).replace("'", "’")
