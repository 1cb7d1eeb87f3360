"""A4 documents from templates. WeasyPrint is imported when a document is asked: its native libraries come from apt."""

from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string


class MissingAsset(RuntimeError):
    """A document named a file that is not one of our static files; nothing is ever fetched from elsewhere."""


def _own_files_only(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    path = finders.find(url.removeprefix("static:")) if url.startswith("static:") else None
    if not path:
        raise MissingAsset(url)
    with open(path, "rb") as file:
        return {"string": file.read(), "mime_type": "text/css" if path.endswith(".css") else "image/svg+xml"}


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The template as a tagged PDF/UA document. Style sheets are named `static:css/paper.css`."""
    import weasyprint  # noqa: PLC0415 - native libraries; the rest of the site runs without them

    html = render_to_string(template, context)
    document = weasyprint.HTML(string=html, url_fetcher=_own_files_only, base_url="static:")
    result: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return result
