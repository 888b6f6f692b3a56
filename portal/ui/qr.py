"""QR codes drawn here, as SVG inside the page: nothing leaves the product, and no style of theirs offends the content policy."""

from __future__ import annotations

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString


def svg(text: str, label: str) -> SafeString:
    """The QR code of a text. ``label``: what those hear who do not see it."""
    code = qrcode.QRCode()
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>',
        size=len(rows), label=label, path=path,
    )  # fmt: skip
