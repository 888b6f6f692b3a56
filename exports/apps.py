"""Exports and reports."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = "Exporturi"

    def ready(self) -> None:
        from exports import receivers  # noqa: F401
