"""`manage.py demo`: areas, people, articles and incidents of a made-up plant."""

import json
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from incidents.demo.load import STEPS, Loaded, demo_load
from prsystem.core.database.ownership import owner_connection
from prsystem.core.errors import DomainError
from prsystem.core.imports.progress import progress_bar

REFUSED = 2


class Command(BaseCommand):
    help = "Load the demo: 5 areas, its accounts, 200 articles and 600 incidents. A second run creates nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was created as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        try:
            # Only the owner may write entries of an earlier time.
            with owner_connection(), progress_bar(_("Demo data"), STEPS) as advance:
                loaded = demo_load(advance=advance)
        except DomainError as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        self.stdout.write(self._report(loaded, monotonic() - began, as_json=options["json"]))

    def _report(self, loaded: Loaded, seconds: float, *, as_json: bool) -> str:
        if as_json:
            result = {"creado": loaded.is_new, **loaded.counts, "segundos": round(seconds, 1)}
            return json.dumps(result, ensure_ascii=False)
        if not loaded.is_new:
            return _("The demo data is there already; nothing was created.")
        return _("Demo data loaded: %(articles)d articles, %(incidents)d incidents, %(people)d people.") % {
            "articles": loaded.counts["articulos"],
            "incidents": loaded.counts["incidencias"],
            "people": loaded.counts["usuarios"],
        }
