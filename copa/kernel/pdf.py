"""A4 documents from templates. WeasyPrint is imported when a document is asked: its native libraries come from apt."""

from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string


class MissingAsset(RuntimeError):
    """A document named a file that is not one of our static files; nothing is ever fetched from elsewhere."""


def own_file(url: str) -> bytes:
    """The static file named by `static:css/paper.css`; MissingAsset for any other address."""
    path = finders.find(url.removeprefix("static:")) if url.startswith("static:") else None
    if not path:
        raise MissingAsset(url)
    with open(path, "rb") as file:
        return file.read()


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The template as a tagged PDF/UA document; its style sheets are named `static:css/…`."""
    import weasyprint  # noqa: PLC0415 - native libraries; the rest of the site runs without them

    class OwnFiles(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            kind = "text/css" if url.endswith(".css") else "image/svg+xml"
            return weasyprint.urls.URLFetcherResponse(url, own_file(url), {"Content-Type": kind})

    html = render_to_string(template, context)
    document = weasyprint.HTML(string=html, url_fetcher=OwnFiles(), base_url="static:")
    result: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return result
