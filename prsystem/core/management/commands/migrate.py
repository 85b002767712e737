"""`manage.py migrate`, as the owner of the tables where there is one apart from the application's role."""

from typing import Any

from django.core.management.commands import migrate

from prsystem.core.ownership import as_owner


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(*args, **options)
