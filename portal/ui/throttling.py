"""Counting attempts that failed, by where they come from, in the cache that all web workers share (config.caches)."""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from portal.ui.errors import ErrorPage


def limited(request: HttpRequest, action: str, *, attempts: int, seconds: int, of: str = "") -> None:
    """Counts one attempt; answers 429 when there were more than ``attempts`` in the present stretch of ``seconds``.

    ``of``: whose attempts are counted, where that is known better than by the address (a whole school may share one).
    """
    key = f"attempts:{action}:{of or source(request)}:{int(time.time()) // seconds}"
    if not cache.add(key, 1, seconds) and _raised(key) > attempts:
        raise ErrorPage(429)


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
