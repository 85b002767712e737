from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "prsystem.accounts"
    label = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from prsystem.accounts.mfa.gate import key_offer, person_is_there
        from prsystem.core.jobs import pruning
        from prsystem.core.web import step_up

        from . import site_settings
        from .api import schema  # noqa: F401  registers itself with drf-spectacular
        from .sessions import cleaning
        from .sessions import engine as sessions
        from .sign_in import trail

        trail.connect()
        sessions.connect()
        step_up.register(person_is_there, key_offer)
        site_settings.register_all()
        pruning.register(cleaning.stale_rows)
        self._register_pages()
        self._register_setup()
        self._register_config()

    def _register_pages(self) -> None:
        from prsystem.core.console.pages import ConsolePage, register

        page = "prsystem.accounts.people.erasing_pages.person_erase_page"
        register(ConsolePage("personas/<int:user_id>/borrar/", page, "person_erase"))

    def _register_setup(self) -> None:
        from prsystem.runtime.setup import Step, register

        forms = "prsystem.accounts.setup_forms"
        areas = _("The parts of the plant or company: incidents and knowledge belong to one, roles are given per area.")
        people = _("Who reports and who solves. With a directory (LDAP) this step can be left out.")
        register(Step("areas", 20, _("Areas"), areas, f"{forms}.AreasForm"))
        register(Step("people", 40, _("First people"), people, f"{forms}.PersonForm", is_repeated=True))

    def _register_config(self) -> None:
        from prsystem.accounts.people.sheet import PeopleSheet
        from prsystem.runtime.config.of_models import ModelSection
        from prsystem.runtime.config.sections import leave_out, register

        register(PeopleSheet())
        people = _("people and their roles come from the directory or from the table of people")
        for model in ("accounts.User", "accounts.RoleGrant"):
            leave_out(model, people)
        register(
            ModelSection(
                code="areas",
                position=10,
                label=_("Areas"),
                model="accounts.Area",
                key=("code",),
                fields=("name", "is_active", "is_dangerous", "safety_text"),
                entity="area",
                switch="is_active",
                in_sheet=True,
            )
        )
        register(
            ModelSection(
                code="directory_groups",
                position=15,
                label=_("Groups of the directory"),
                model="accounts.DirectoryGroup",
                key=("dn", "role"),
                fields=("areas",),
                entity="directory_group",
                kind="grupo_directorio",
                in_sheet=True,
            )
        )
