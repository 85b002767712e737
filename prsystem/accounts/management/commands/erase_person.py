"""`manage.py erase_person USER --yes`: erase what names a person; the audit trail stays whole."""

import json
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.retention import erasures_carry_out, erasures_pending
from prsystem.accounts.people.erasing import person_erase
from prsystem.core.context import SYSTEM
from prsystem.core.database.ownership import owner_connection
from prsystem.core.errors import DomainError

WAIT_SECONDS = 60


class Command(BaseCommand):
    help = "Erase a person whose account is inactive. It can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the account's user name; borrado-<number> repeats an erasure")
        parser.add_argument("--yes", action="store_true", help="erase without asking")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError(_("This can't be undone: add --yes."))
        try:
            with owner_connection():
                erased = person_erase(actor=SYSTEM, username=options["username"])
        except DomainError as error:
            messages = [str(text) for found in error.errors.values() for text in found]
            raise CommandError("; ".join(messages) or str(error)) from error
        _wait_for_the_trail()
        if options["json"]:
            self.stdout.write(json.dumps({"borradas": erased}))
        else:
            self.stdout.write(_("Erased. Audit entries without a name now: %(count)d.") % {"count": erased})


def _wait_for_the_trail() -> None:
    """Without the owner's connection the sealer does that part, and an entry under way holds it up."""
    ends = monotonic() + WAIT_SECONDS
    while erasures_pending():
        if monotonic() > ends:
            raise CommandError(_("The account is erased; the audit trail follows when its sealer runs as the owner."))
        sleep(0.5)
        with owner_connection():
            erasures_carry_out()
