"""Kinds of declarations, as messages in Romanian name them."""

KINDS = {
    "criterion": "criteriu", "group": "grup", "section": "secțiune", "level": "nivel", "scale": "scală", "list": "listă de alegeri sau fel",
    "field": "întrebare", "indicator": "indicator", "check": "verificare", "step": "pas", "tag": "etichetă", "constant": "constantă",
}  # fmt: skip
