"""The console's pages of integrations, each in the subpackage that it belongs to."""

from integrations.backups import admin as backups_admin

from .api_keys import admin as api_keys_admin
from .mail import admin as mail_admin
from .nodes import admin as nodes_admin
from .webhooks import admin as webhooks_admin

__all__ = ["api_keys_admin", "backups_admin", "mail_admin", "nodes_admin", "webhooks_admin"]
