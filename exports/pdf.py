"""Reports and letters on paper: PDF/UA with fonts inside. WeasyPrint is imported only here and only when a page is made, in a process with limits.

Nothing outside the product is fetched: an address in a report leads to a file of this room's ``static`` folder or nowhere.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import re
import resource
import sys
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exports.report_tree import Report

STATIC = Path(__file__).resolve().parent / "static" / "exports"
SCHEME = "report:"
MEDIA_TYPES = {".ttf": "font/ttf", ".svg": "image/svg+xml"}
MEGABYTES, SECONDS = 1500, 120
"""Address space and processor time of the process that lays a report out."""
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")


NO_LIBRARY = 3
"""Exit code of the process where WeasyPrint, or a library of the system that it needs, is not installed."""


class NotMade(Exception):
    """The process that lays a report out did not finish. The text is a sentence for people."""


def html_of(report: Report) -> str:
    return render_to_string("exports/report/print.html", {"report": report, "language": get_language() or "ro"})


def write_pdf(report: Report, path: Path) -> None:
    """The report as a PDF file. Raises ``NotMade``; what lies at ``path`` then is not to be used."""
    write(html_of(report), style(report.running), path)


def write(html: str, css: str, path: Path) -> None:
    """A page as a PDF file, like ``write_pdf``."""
    # A child of this process: it inherits WeasyPrint where it is imported already, and its limits are its own.
    process = multiprocessing.get_context("fork").Process(target=_limited, args=(html, css, str(path)), daemon=True)
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    if process.exitcode == NO_LIBRARY:
        raise NotMade(_("Bibliotecile cu care se fac documentele PDF nu sunt instalate pe server."))
    if process.exitcode != 0:
        raise NotMade(_("Documentul nu a încăput în limitele de memorie sau de timp."))


def _limited(html: str, css: str, path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    gc.disable()  # the process ends with the report; collecting would cost a fifth of its time
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError):
        sys.exit(NO_LIBRARY)
    lay_out(html, css, path)


def style(running: str) -> str:
    """The tokens of the design system without its web fonts, then the rules of paper, with the line at the foot of every page."""
    tokens = finders.find("ui/tokens.css")
    assert isinstance(tokens, str)
    rules = (STATIC / "report.css").read_text("utf-8").replace('"RUNNING"', css_text(running))
    return FONT_FACE.sub("", Path(tokens).read_text("utf-8")) + rules


def css_text(text: str) -> str:
    """A text as CSS writes one, every character but plain letters and digits escaped."""
    return '"' + "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}" for one in text) + '"'


def lay_out(html: str, css: str, path: str) -> None:
    """HTML to PDF, in this process."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Our own static files and drawings inside the document; nothing else exists."""

        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith("data:image/svg+xml;base64,"):
                return super().fetch(url)
            file = own_file(url)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": MEDIA_TYPES[file.suffix]})

    fetcher, fonts = OwnFiles(allowed_protocols=["data"]), FontConfiguration()
    sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=html, url_fetcher=fetcher)
    document.write_pdf(path, stylesheets=[sheet], font_config=fonts, presentational_hints=True, pdf_variant="pdf/ua-1")


def own_file(url: str) -> Path:
    """The file that an address of a report names. Raises ``PermissionError`` for everything that is not ours."""
    file = (STATIC / url.removeprefix(SCHEME)).resolve()
    if not url.startswith(SCHEME) or not file.is_relative_to(STATIC) or file.suffix not in MEDIA_TYPES:
        raise PermissionError(url)
    return file
