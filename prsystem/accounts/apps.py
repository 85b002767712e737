from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "prsystem.accounts"
    label = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from prsystem.core import queue

        from . import trail
        from .api import schema  # noqa: F401  registers itself with drf-spectacular

        trail.connect()
        queue.register("directory.sync", "prsystem.accounts.directory.sync.directory_sync")
