"""Counting attempts: together with other processes, and on when Redis is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.caches import Files, RedisOrFiles


@pytest.fixture(autouse=True)
def _ask_redis_again() -> None:
    RedisOrFiles.quiet_until = 0.0


def test_many_at_once_count_exactly(tmp_path: Path) -> None:
    Files(str(tmp_path), {}).set("attempts", 0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Files(str(tmp_path), {}).incr("attempts"), range(80)))
        added = list(pool.map(lambda number: Files(str(tmp_path), {}).add("lock", number), range(80)))
    assert Files(str(tmp_path), {}).get("attempts") == 80
    assert sum(added) == 1


def test_without_redis_the_files_count(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = RedisOrFiles((f"unix://{tmp_path}/nowhere.sock", str(tmp_path / "cache")), {})
    assert cache.add("a", 1) and not cache.add("a", 2)
    cache.set("b", [1, 2], 60)
    assert (cache.incr("a"), cache.get("a"), cache.get("b"), cache.get("c", "none")) == (2, 2, [1, 2], "none")
    assert cache.touch("b", 60) and cache.delete("b") and cache.get("b") is None
    cache.clear()
    assert cache.get("a") is None
    assert len(caplog.records) == 1
