"""The room of methodologies and rounds."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "portal.rounds"
    label = "rounds"
