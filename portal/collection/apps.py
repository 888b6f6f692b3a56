"""Collections of a round."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "portal.collection"
    label = "collection"
    verbose_name = "Colectare"

    def ready(self) -> None:
        from portal.collection import receivers  # noqa: F401
