"""Log lines without secrets: tokens in addresses, e-mail addresses and personal codes are blotted out of whatever is logged."""

from __future__ import annotations

import logging
import re

BLOTS = (
    (re.compile(r"(/(?:t|invitatii|discutii)/)[^/\s\"'?]+"), r"\1…"),
    (re.compile(r"(/parola/noua/)(?!gata/)[^/\s\"'?]+"), r"\1…"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    (re.compile(r"(?<!\d)[1-9]\d{12}(?!\d)"), "…"),
)
"""The addresses of class links, invitations, discussions and new passwords; addresses of people; numbers shaped like a personal code."""


def blotted(text: str) -> str:
    for pattern, blot in BLOTS:
        text = pattern.sub(blot, text)
    return text


class Plain(logging.Formatter):
    """One plain line, tracebacks included, blotted as a whole."""

    def format(self, record: logging.LogRecord) -> str:
        return blotted(super().format(record))


def configuration(level: str) -> dict[str, object]:
    """Everything to standard error, where whoever runs the product collects it."""
    here = {"handlers": ["console"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "config.logs.Plain", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "portal": here,
            "exports": here,
            "django": here | {"level": "WARNING"},
            "rq": here | {"level": "WARNING"},
            "gunicorn.http.wsgi": here | {"level": "ERROR"},  # it warns of every HEAD request
        },
    }
