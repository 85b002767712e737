"""`manage.py first_administrator`: the link with which the first administrator is made, while there is none."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from prsystem.accounts.sign_in.first_administrator import setup_link_address, setup_link_create


class Command(BaseCommand):
    help = "Print a link that makes the first administrator; it works once and for an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        token = setup_link_create()
        if not token:
            raise CommandError(_("Somebody administers already; there is nothing to set up."))
        address = setup_link_address(token)
        self.stdout.write(json.dumps({"enlace": address}) if options["json"] else address)
