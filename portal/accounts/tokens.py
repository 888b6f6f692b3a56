"""Tokens of links sent by e-mail: derived from an id and its version with a secret key, so that they can be sent again and are never stored.

The hash of a token is what the database keeps; a new version makes every earlier token worthless.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings


def token(purpose: str, pk: int, version: int) -> str:
    """160 bits, base32 in lower case: safe in addresses, easy to copy from paper."""
    message = f"{purpose}:{pk}:{version}".encode()
    key = hashlib.sha256(b"portal.tokens:" + settings.SECRET_KEY.encode()).digest()
    return base64.b32encode(hmac.new(key, message, hashlib.sha256).digest()[:20]).decode().lower()


def token_hash(text: str) -> str:
    """What is stored, and what a token from an address is looked up by."""
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()
