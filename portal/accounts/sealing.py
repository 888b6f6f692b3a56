"""Secrets that must be read again (those of second factors) as they lie in the database: encrypted with keys that are not in it."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

logger = logging.getLogger(__name__)


def sealed(text: str) -> str:
    return _box().encrypt(text.encode()).decode("ascii")


def opened(text: str) -> str:
    """What was sealed. When its key is gone: a fresh secret, which nobody has, so that nothing fits it."""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken:
        logger.error("a second factor was sealed with a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS")
        return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def _box() -> MultiFernet:
    """Seals with the present key, opens with earlier ones as well."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"portal.sealing:" + key.encode()).digest())) for key in keys])
