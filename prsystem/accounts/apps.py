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
        self._register_setup()

    def _register_setup(self) -> None:
        from prsystem.runtime.setup import Step, register

        forms = "prsystem.accounts.setup_forms"
        areas = _("The parts of the plant or company: incidents and knowledge belong to one, roles are given per area.")
        people = _("Who reports and who solves. With a directory (LDAP) this step can be left out.")
        register(Step("areas", 20, _("Areas"), areas, f"{forms}.AreasForm"))
        register(Step("people", 40, _("First people"), people, f"{forms}.PersonForm", is_repeated=True))
