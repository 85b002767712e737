"""Ask again what a suggestion answered, and say what differs: `replay 123`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from incidents.suggestions.models import Suggestion
from incidents.suggestions.record import text_diff
from incidents.suggestions.replaying import suggestion_replay


class Command(BaseCommand):
    help = "Asks again what the suggestion ID answered and shows what differs, with the likely cause."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", type=int, help=_("number of a suggestion, as its record shows it"))

    def handle(self, *args: Any, **options: Any) -> None:
        suggestion = Suggestion.objects.filter(pk=options["id"]).first()
        if suggestion is None or not suggestion.is_finished:
            raise CommandError(_("There is no finished suggestion with this number."))
        replay = suggestion_replay(suggestion.pk)
        self.stdout.write(_("cause: %(cause)s") % {"cause": replay["causa"]})
        for one in replay["diferencias"]:
            self.stdout.write(f"{one['what']}: {one['before'] or '-'} -> {one['after'] or '-'}")
        if not replay["fijados"]:
            self.stdout.write(_("The record holds no passages: it was replayed with what is found now."))
        for one in replay["ya_no_se_hallan"]:
            self.stdout.write(_("no longer found: %(passage)s") % {"passage": one})
        for one in replay["se_hallan_ahora"]:
            self.stdout.write(_("found now: %(passage)s") % {"passage": one})
        for line in text_diff(suggestion.text, replay["texto"]):
            self.stdout.write(line)
