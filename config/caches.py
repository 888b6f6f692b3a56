"""What counts attempts across processes: files of this machine, or Redis with the files to fall back on. Never the database."""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

QUIET = 5.0
"""Seconds without another try after Redis did not answer."""
logger = logging.getLogger(__name__)


class Files(FileBasedCache):
    """Django's cache of files, with ``add`` and ``incr`` that two processes cannot do at once."""

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with self._alone():
            return super().add(key, value, timeout, version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        with self._alone():
            return super().incr(key, delta, version)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = Path(self._dir)  # type: ignore[attr-defined]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class RedisOrFiles(BaseCache):
    """Redis, and the files while it is away: counting goes on, and no page fails for it. ``LOCATION``: (address, folder)."""

    quiet_until = 0.0

    def __init__(self, location: tuple[str, str], params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        self.redis = RedisCache(location[0], params | {"OPTIONS": options})
        self.files = Files(location[1], params)

    def _either(self, act: Callable[[BaseCache], Any]) -> Any:
        if time.monotonic() >= RedisOrFiles.quiet_until:
            try:
                return act(self.redis)
            except (RedisError, OSError) as error:
                RedisOrFiles.quiet_until = time.monotonic() + QUIET
                logger.warning("cache server away (%s): counting in files", type(error).__name__)
        return act(self.files)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._either(lambda cache: cache.add(key, value, timeout, version)))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._either(lambda cache: cache.get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._either(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._either(lambda cache: cache.touch(key, timeout, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._either(lambda cache: cache.delete(key, version)))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._either(lambda cache: cache.incr(key, delta, version)))

    def clear(self) -> None:
        self._either(lambda cache: cache.clear())
