"""Counting attempts, by where they come from or whose they are, in the cache that all web workers share (config.caches)."""

from __future__ import annotations

import hashlib
import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from portal.ui.errors import ErrorPage


def limited(request: HttpRequest, action: str, *, attempts: int, seconds: int, whose: str = "") -> None:
    """Counts one attempt; answers 429 when there were too many."""
    if is_over(request, action, attempts=attempts, seconds=seconds, whose=whose):
        raise ErrorPage(429)


def is_over(request: HttpRequest, action: str, *, attempts: int, seconds: int, whose: str = "") -> bool:
    """Counts one attempt; whether there were more than ``attempts`` in the present stretch of ``seconds``.

    ``whose``: what is counted, where that is known better than by the address (a whole school may share one).
    """
    counted = hashlib.sha256(whose.encode()).hexdigest()[:32] if whose else source(request)
    key = f"attempts:{action}:{counted}:{int(time.time()) // seconds}"
    return not cache.add(key, 1, seconds) and _raised(key) > attempts


def source(request: HttpRequest) -> str:
    """Where a request comes from: its address, or the network of a household or school for IPv6."""
    address = get_adapter(request).get_client_ip(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)


def _raised(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # it has just run out
        return 1
