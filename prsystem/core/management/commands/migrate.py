"""`manage.py migrate`, as the owner of the tables where there is one apart from the application's role.

What waits for a lock makes everybody behind it wait too, so a migration gives up after `LOCK_TIMEOUT`, whatever role
runs it, and may be run again. Outside a transaction only indexes are built (tests/architecture/migration_rules.py):
those wait for old transactions without being in anybody's way.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration

from prsystem.core.database.ownership import as_owner

LOCK_TIMEOUT = "2s"


class Command(migrate.Command):
    database = DEFAULT_DB_ALIAS

    def handle(self, *args: Any, **options: Any) -> None:
        self.database = options["database"]
        with as_owner(self.database):
            try:
                super().handle(*args, **options)
            finally:
                self._execute("RESET lock_timeout")

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_start", "unapply_start") and migration is not None:
            self._execute(f"SET lock_timeout = '{LOCK_TIMEOUT if migration.atomic else 0}'")

    def _execute(self, statement: str) -> None:
        with connections[self.database].cursor() as cursor:
            cursor.execute(statement)
