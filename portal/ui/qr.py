"""QR codes drawn here, as SVG inside the page: nothing leaves the product, and no style of theirs offends the content policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString


def svg(text: str, label: str) -> SafeString:
    """The QR code of a text. ``label``: what those hear who do not see it."""
    code = qrcode.QRCode()
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h{wide}v1h-{wide}z" for y, row in enumerate(rows) for x, wide in _runs(row))
    return format_html(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>',
        size=len(rows), label=label, path=path,
    )  # fmt: skip


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where dark modules stand side by side, and how many: half the text of drawing each alone."""
    for dark, places in groupby(range(len(row)), key=row.__getitem__):
        if dark:
            run = list(places)
            yield run[0], len(run)
