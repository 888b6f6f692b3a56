"""Methodologies as people see them: forms, indicators, worked examples; the commands that check them."""
