from zoneinfo import available_timezones

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class RuntimeConfig(AppConfig):
    name = "prsystem.runtime"
    label = "runtime"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from prsystem.core.console import pages as console_pages
        from prsystem.core.console.pages import ConsolePage

        from .config import sections
        from .config.of_settings import SettingsSection
        from .registry import Kind, Setting, register

        zones = tuple((name, name) for name in sorted(available_timezones() | {settings.TIME_ZONE}))
        register(
            Setting(
                key="site.name",
                kind=Kind.TEXT,
                default="PR-System",
                max_length=60,
                label=_("Name of the site"),
                group=_("Site"),
                help=_("Shown at the top of every page and in messages, e.g. the name of the plant."),
            ),
            Setting(
                key="site.time_zone",
                kind=Kind.CHOICE,
                default=settings.TIME_ZONE,
                choices=zones,
                label=_("Time zone"),
                group=_("Site"),
                help=_("In which times are shown and read. Calendars of response targets have their own."),
            ),
        )
        self._register_setup()
        sections.register(SettingsSection())
        self._register_sheets()
        views = "prsystem.runtime.views"
        console_pages.register(
            ConsolePage("ajustes/", f"{views}.settings_list", "settings", _("Settings"), group="system"),
            ConsolePage("ajustes/<str:key>/", f"{views}.setting_edit", "setting"),
            ConsolePage("ajustes/<str:key>/revertir/<int:change_id>/", f"{views}.setting_revert_now", "setting_revert"),
        )

    def _register_setup(self) -> None:
        from prsystem.core.console import pages as console_pages
        from prsystem.core.console.pages import ConsolePage

        from . import setup
        from .registry import Kind, Setting, register

        register(
            Setting(
                key=setup.STEPS_SETTING,
                kind=Kind.LINES,
                default=[],
                label=_("First steps taken"),
                group=_("Site"),
                help=_("Steps of the first-run guide; one with a minus before it was left for later."),
            )
        )
        forms = "prsystem.runtime.setup_forms"
        text = _("How the site is called and in which zone its times are shown.")
        setup.register(setup.Step("site", 10, _("The site"), text, f"{forms}.SiteForm"))
        pages = "prsystem.runtime.setup_pages"
        console_pages.register(
            ConsolePage("inicio/", f"{pages}.setup", "setup", _("First steps"), group="system"),
            ConsolePage("inicio/<slug:code>/", f"{pages}.setup_step", "setup_step"),
        )

    def _register_sheets(self) -> None:
        from prsystem.core.console import pages as console_pages
        from prsystem.core.console.pages import ConsolePage

        pages = "prsystem.runtime.sheet_pages"
        console_pages.register(
            ConsolePage("tablas/", f"{pages}.sheets", "sheets", _("Tables (CSV, XLSX)"), group="system"),
            ConsolePage("tablas/<slug:code>.<slug:form>", f"{pages}.sheet_download", "sheet_download"),
            ConsolePage("tablas/<slug:code>/revisar/", f"{pages}.sheet_plan", "sheet_plan"),
            ConsolePage("tablas/<slug:code>/guardar/", f"{pages}.sheet_apply", "sheet_apply"),
        )
