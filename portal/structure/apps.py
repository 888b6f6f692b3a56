"""Keeping the network."""

from django.apps import AppConfig


class StructureConfig(AppConfig):
    name = "portal.structure"
    label = "structure"
    verbose_name = "Evidența rețelei"

    def ready(self) -> None:
        from portal.structure import frame  # noqa: F401 – registers its entry of the navigation
