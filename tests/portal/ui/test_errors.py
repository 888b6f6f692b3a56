"""Every refusal is a page in Romanian that says what happened, what became of the answers and where to go."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

import config.urls
from portal.ui import errors
from portal.ui.errors import PAGES, ErrorPage
from portal.ui.middleware import Refusals
from tests.portal.people import Cast


def broken(failure: Exception) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise failure

    return view


FAILURES: dict[str, tuple[Exception, int]] = {
    "missing": (Http404(), 404),
    "forbidden": (PermissionDenied(), 403),
    "gone": (ErrorPage(410, "Foaia a fost înlocuită."), 410),
    "locked": (ErrorPage(423), 423),
    "many": (ErrorPage(429), 429),
    "bug": (ZeroDivisionError("Ion Popescu 1960101410019"), 500),
    "database": (OperationalError("server closed the connection"), 503),
    "disk": (OSError(errno.ENOSPC, "No space left on device"), 503),
}


@pytest.fixture
def failing(settings: LazySettings) -> Iterator[Client]:
    """The product with a few views that fail."""
    settings.DEBUG = False
    added = [path(f"esec/{name}/", broken(failure)) for name, (failure, _status) in FAILURES.items()]
    config.urls.urlpatterns[:0] = added
    yield Client(raise_request_exception=False)
    del config.urls.urlpatterns[: len(added)]


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_a_whole_page(name: str, failing: Client, db: None) -> None:
    status = FAILURES[name][1]
    answer = failing.get(f"/esec/{name}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert re.search(rf"<title>{PAGES[status].title} – Monitorizare</title>", page) and len(re.findall("<h1", page)) == 1
    assert str(PAGES[status].kept) in page and "Mergeți la pagina de început" in page and "/static/ui/tokens.css" in page
    assert "Popescu" not in page and "server closed" not in page and "Traceback" not in page


def test_its_own_sentence_takes_the_place_of_the_general_one(failing: Client, db: None) -> None:
    page = failing.get("/esec/gone/").content.decode()
    assert "Foaia a fost înlocuită." in page and str(PAGES[410].lead) not in page


@pytest.mark.parametrize(("name", "seconds"), [("many", "60"), ("database", "30"), ("disk", "30"), ("missing", None)])
def test_what_passes_says_when_to_try_again(name: str, seconds: str | None, failing: Client, db: None) -> None:
    assert failing.get(f"/esec/{name}/").get("Retry-After") == seconds


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_in_trouble_asks_the_database_nothing(status: int, cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user = cast["dan"]
    with connection.execute_wrapper(refuse_statements):
        page = errors.page(request, status).content.decode()
    assert str(PAGES[status].title) in page and "csrfmiddlewaretoken" not in page and "Dan Directoru" not in page


def refuse_statements(*_arguments: object) -> None:
    raise OperationalError("the database is away")


def test_a_database_that_goes_away_while_the_page_is_made_is_503(cast: Cast, browser_of: Callable[[str], Client], settings: LazySettings) -> None:
    browser = browser_of("dan")
    browser.raise_request_exception = False
    with connection.execute_wrapper(refuse_statements):
        answer = browser.get("/")
    assert answer.status_code == 503 and str(PAGES[503].lead) in answer.content.decode()


def test_only_failures_of_the_moment_are_called_passing() -> None:
    assert Refusals(lambda request: HttpResponse()).process_exception(RequestFactory().get("/"), KeyError("x")) is None
    assert not errors.is_passing(OSError(errno.ENOENT, "no such file")) and not errors.is_passing(None)


def test_an_error_page_knows_who_is_signed_in(cast: Cast, browser_of: Callable[[str], Client], settings: LazySettings) -> None:
    settings.DEBUG = False
    page = browser_of("dan").get("/nimic/").content.decode()
    assert "Dan Directoru" in page and "Ieșiți din cont" in page


def test_a_request_refused_before_anybody_is_known_is_a_page_too(client: Client, settings: LazySettings, db: None) -> None:
    settings.DEBUG = False
    answer = client.get("/", headers={"host": "rau.example"})
    assert answer.status_code == 400 and "Cererea nu a putut fi înțeleasă" in answer.content.decode()
