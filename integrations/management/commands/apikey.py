"""`manage.py apikey create|rotate|revoke`: keys of other systems. The key is printed once and kept nowhere."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.api_keys.models import Scope
from integrations.api_keys.selectors import api_key_by_prefix
from integrations.api_keys.services import KeySpec, NewKey, api_key_create, api_key_revoke, api_key_rotate
from prsystem.accounts.models import Area, User
from prsystem.accounts.selectors import area_by_code, user_by_username
from prsystem.core.context import SYSTEM
from prsystem.core.errors import DomainError


class Command(BaseCommand):
    help = "Make, rotate or revoke an API key."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a key and print it once")
        create.add_argument("--nombre", required=True, help="who uses it, e.g. ERP")
        create.add_argument("--scope", nargs="+", action="extend", required=True, choices=Scope.values)
        create.add_argument("--area", nargs="+", action="extend", default=[], metavar="CODE")
        create.add_argument("--red", nargs="+", action="extend", default=[], metavar="CIDR", help="allowed networks")
        create.add_argument("--dias", type=int, default=0, help="valid for so many days; 0: until it is revoked")
        create.add_argument("--por-minuto", type=int, default=600, help="requests per minute (600)")
        create.add_argument("--responsable", default="", metavar="USER", help="the key ends when this person leaves")
        rotate = actions.add_parser("rotate", help="print a new secret; the old one stays valid for a while")
        rotate.add_argument("--dias", type=float, default=7, help="how long the old secret stays valid (7)")
        revoke = actions.add_parser("revoke", help="end a key at once")
        for action in (rotate, revoke):
            action.add_argument("prefijo", help="prefix of the key, as in prs_<prefix>_…")
        for action in (create, rotate, revoke):
            action.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except DomainError as error:
            messages = [f"{name}: {text}" for name, found in error.errors.items() for text in found]
            raise CommandError("; ".join(messages) or str(error)) from error

    def _create(self, options: dict[str, Any]) -> None:
        spec = KeySpec(
            name=options["nombre"],
            scopes=options["scope"],
            areas=[_area(code) for code in options["area"]],
            networks=options["red"],
            rate_per_minute=options["por_minuto"],
            owner=_owner(options["responsable"]),
            expires_at=timezone.now() + timedelta(days=options["dias"]) if options["dias"] else None,
        )
        self._show(api_key_create(actor=SYSTEM, spec=spec), options)

    def _rotate(self, options: dict[str, Any]) -> None:
        api_key = api_key_by_prefix(options["prefijo"])
        overlap = timedelta(days=options["dias"])
        self._show(api_key_rotate(actor=SYSTEM, api_key_id=api_key.pk, overlap=overlap), options)

    def _revoke(self, options: dict[str, Any]) -> None:
        api_key = api_key_by_prefix(options["prefijo"])
        api_key_revoke(actor=SYSTEM, api_key_id=api_key.pk)
        told = {"prefijo": api_key.prefix, "revocada": True}
        self.stdout.write(json.dumps(told) if options["json"] else _("Revoked: %s.") % api_key)

    def _show(self, made: NewKey, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"clave": made.text, "prefijo": made.api_key.prefix}))
            return
        self.stdout.write(made.text)
        self.stderr.write(_("Keep it now: it isn't shown again."))


def _area(code: str) -> Area:
    if area := area_by_code(code):
        return area
    raise CommandError(_("There is no active area «%s».") % code)


def _owner(username: str) -> User | None:
    if not username:
        return None
    if user := user_by_username(username):
        return user
    raise CommandError(_("There is no user «%s».") % username)
