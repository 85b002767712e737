"""Migrations, with a check cheap enough for every start: Django is only imported when something is new."""

import hashlib
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from prsystem import env

from .layout import Layout
from .program import PROJECT, RunnerError

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

SETTINGS = "prsystem.settings"
CACHE_NAME = "migrations.json"
CODE_FILES = ("requirements.lock", "prsystem/settings/base.py")


def check_settings() -> None:
    """ConfigurationError for any variable of no use: before anything starts, not in the log of each process."""
    _forget_settings()
    try:
        import_module(SETTINGS)
    finally:
        _forget_settings()


def _forget_settings() -> None:
    """They hold the addresses of servers that haven't started yet: whoever needs the settings later reads them anew."""
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{SETTINGS}.")]:
        del sys.modules[name]


def code_digest() -> str:
    """Changes whenever the set of migrations of the installed applications may have changed."""
    digest = hashlib.sha256()
    for path in sorted([*PROJECT.glob("[a-z]*/migrations/*.py"), *PROJECT.glob("prsystem/*/migrations/*.py")]):
        digest.update(f"{path.relative_to(PROJECT)}\n".encode())
    for name in CODE_FILES:
        path = PROJECT / name
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _needed(cache: Path) -> set[str] | None:
    """The migrations that this code needs; None when the code changed since they were written down."""
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return set(content["migrations"]) if content["digest"] == code_digest() else None


def is_current(layout: Layout) -> bool:
    """Whether the database has every migration of this code. The file only caches what the code needs."""
    needed = _needed(layout.data / CACHE_NAME)
    if needed is None:
        return False
    try:
        with psycopg.connect(env.text("DATABASE_URL") or layout.owner_url, connect_timeout=5) as connection:
            rows = connection.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    except psycopg.OperationalError as error:
        raise RunnerError("DATABASE_URL: la base de datos no responde") from error
    return needed <= {row[0] for row in rows}


def _require_known(loader: "MigrationLoader") -> None:
    """RunnerError where a later version of the code has changed the tables: this one can't know how."""
    unknown = sorted(
        f"{app}.{name}"
        for app, name in set(loader.applied_migrations) - set(loader.disk_migrations) - _replaced(loader)
        if app in loader.migrated_apps
    )
    if unknown:
        raise RunnerError(
            f"la base de datos es de una versión posterior de PR-System (tiene {len(unknown)} migraciones que esta no "
            f"conoce, la última {unknown[-1]}); arranque esa versión, o recupere una copia de antes en otra carpeta"
        )


def _replaced(loader: "MigrationLoader") -> set[tuple[str, str]]:
    return {key for migration in loader.disk_migrations.values() for key in migration.replaces}


def migrate(layout: Layout) -> None:
    """Bring the database to this code; django.setup() must have been called."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.loader import MigrationLoader

    try:
        _require_known(MigrationLoader(connection))
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise RunnerError(f"No se pudo actualizar la base de datos ({type(error).__name__}): {error}") from error
    names = sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)
    connection.close()
    content = {"digest": code_digest(), "migrations": names}
    (layout.data / CACHE_NAME).write_text(json.dumps(content), encoding="utf-8")
