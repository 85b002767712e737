"""The console's pages of integrations, each in the subpackage that it belongs to."""

from .webhooks import admin as webhooks_admin

__all__ = ["webhooks_admin"]
