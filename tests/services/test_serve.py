"""``./run`` as people use it: pages, worker and queue server come up together and go away together, whatever happens meanwhile."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import urllib.response
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.services.conftest import ROOT, Product, eventually, free_port

pytestmark = pytest.mark.services


class Served:
    """The whole product on a free port, over the data folder of ``product``."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.port = free_port()
        product.environment |= {"PORT": str(self.port), "DEMO": "0", "WEB_WORKERS": "1"}
        del product.environment["REDIS_URL"]
        self.parent = product.start(sys.executable, "-m", "config.serve")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metodologii/", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Process → command line, of everything that runs over the data folder."""
        found, mark = {}, str(self.product.folder).encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                here = mark + b"\0" in (folder / "environ").read_bytes() or mark in command  # the queue server writes its title over both
                if here and (folder / "stat").read_text().rsplit(")")[-1].split()[0] != "Z":
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def pid_of(self, what: str) -> int | None:
        """The process, or None while it is not there. Never 0: a signal to 0 goes to the whole group, and so to whoever runs the tests."""
        return next((pid for pid, command in self.processes().items() if what in command), None)

    def kill(self, what: str) -> int:
        """Kills the process once it is there: the worker leaves, and is started again, when the queue server dies."""
        killed: list[int] = []

        def attempt() -> bool:
            pid = self.pid_of(what)
            if pid is None:
                return False
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            return bool(killed)

        eventually(attempt, what)
        return killed[0]


@pytest.fixture
def served(product: Product) -> Iterator[Served]:
    running = Served(product)
    eventually(running.answers, "paginile")
    eventually(lambda: running.pid_of("manage.py work") is not None and running.product.queue_answers(), "lucrările")
    yield running
    running.parent.terminate()
    running.parent.wait(60)


def nap(served: Served, key: str, tenths: int = 1) -> None:
    served.product.python(f"services.enqueue('nap', '{key}', {{'tenths': {tenths}}})")


def test_pages_answer_jobs_are_done_and_nothing_stays_behind(served: Served) -> None:
    nap(served, "a")
    eventually(lambda: served.product.count("end", "a") == 1, "lucrarea")
    assert len(served.processes()) >= 5
    served.parent.terminate()
    assert served.parent.wait(60) == 0
    assert served.processes() == {}


def test_a_long_job_does_not_hold_up_the_stop_and_is_done_after_the_next_start(served: Served) -> None:
    nap(served, "a", tenths=300)
    eventually(lambda: served.product.count("start", "a") == 1, "începutul")
    served.parent.send_signal(signal.SIGINT)
    assert served.parent.wait(60) == 0
    assert served.processes() == {}
    assert "running" in served.product.python("print(Job.objects.get().state)")
    served.product.python("Job.objects.update(payload={'tenths': 1})")
    again = Served.__new__(Served)
    again.product, again.port = served.product, served.port
    again.parent = served.product.start(sys.executable, "-m", "config.serve")
    eventually(lambda: served.product.count("end", "a") == 1, "lucrarea")
    again.parent.terminate()
    assert again.parent.wait(60) == 0


def test_what_dies_is_started_again(served: Served) -> None:
    for what in ("valkey-server", "manage.py work", "gunicorn"):
        old = served.kill(what)
        eventually(lambda what=what, old=old: served.pid_of(what) not in (None, old), what)  # type: ignore[misc]
    eventually(served.answers, "paginile")
    nap(served, "a")
    eventually(lambda: served.product.count("end", "a") == 1, "lucrarea")


def test_when_the_parent_is_killed_its_processes_end_too(served: Served) -> None:
    served.parent.kill()
    eventually(lambda: served.processes() == {}, "sfârșitul")


def test_a_second_start_says_what_is_in_the_way(served: Served) -> None:
    def start(port: int, folder: Path) -> tuple[int, str]:
        environment = served.product.environment | {"PORT": str(port), "DATA_DIR": str(folder)}
        done = subprocess.run([sys.executable, "-m", "config.serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90)
        return done.returncode, done.stderr

    code, said = start(served.port, served.product.folder / "other")
    assert code == 1 and f"Portul {served.port} nu poate fi folosit" in said and "Traceback" not in said
    code, said = start(free_port(), served.product.folder)
    assert code == 1 and "rulează deja" in said and "Traceback" not in said
    code, said = start(free_port(), served.product.folder / ("long" * 25))
    assert code == 1 and "prea lungă" in said and "Traceback" not in said


def test_nonsense_in_the_environment_is_one_sentence(product: Product) -> None:
    for name, text in (("PORT", "x"), ("DATABASE_URL", "mysql://a/b"), ("DEBUG", "perhaps")):
        done = subprocess.run(
            [sys.executable, "-m", "config.serve"], cwd=ROOT, env=product.environment | {name: text}, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 1
        assert done.stderr.startswith(f"✗ Variabila {name} ") and done.stderr.count("\n") == 1


PRODUCTION = {
    "DEBUG": "0", "SECRET_KEY": "a key of the test, long enough to be taken for a real one: 1234567890", "ALLOWED_HOSTS": "127.0.0.1",
    "SITE_URL": "https://127.0.0.1", "EMAIL_URL": "file:", "URL_PREFIX": "/mds",
}  # fmt: skip


def test_in_production_pages_come_through_https_only_with_their_files(product: Product) -> None:
    product.environment |= PRODUCTION
    served = Served(product)
    base = f"http://127.0.0.1:{served.port}"

    def get(address: str, through: str) -> urllib.response.addinfourl:
        return opener.open(urllib.request.Request(base + address, headers={"X-Forwarded-Proto": through, "X-Forwarded-For": "10.0.0.7"}), timeout=5)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay)

    def answers() -> bool:
        try:
            return bool(get("/mds/metodologii/", "https").status == 200)
        except OSError:
            return False

    eventually(answers, "paginile")
    with pytest.raises(urllib.error.HTTPError) as redirected:
        get("/mds/metodologii/", "http")
    assert (redirected.value.code, redirected.value.headers["Location"]) == (301, f"https://127.0.0.1:{served.port}/mds/metodologii/")
    response = get("/mds/metodologii/", "https")
    page = response.read().decode()
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    (sheet,) = re.findall(r'href="(/mds/static/ui/tokens\.[0-9a-f]{12}\.css)"', page)
    found = get(sheet, "https")
    assert found.status == 200 and "immutable" in found.headers["Cache-Control"]
    with pytest.raises(urllib.error.HTTPError) as missing:
        get("/mds/nimic/", "https")
    assert missing.value.code == 404 and "Pagina nu există" in missing.value.read().decode()
    served.parent.terminate()
    assert served.parent.wait(60) == 0
