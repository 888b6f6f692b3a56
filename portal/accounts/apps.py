"""Accounts, memberships and invitations."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Conturi"

    def ready(self) -> None:
        from portal.accounts import receivers  # noqa: F401
