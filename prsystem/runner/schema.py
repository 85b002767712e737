"""Migrations, with a check cheap enough for every start: Django is only imported when something is new."""

import hashlib
import json
from pathlib import Path

import psycopg

from prsystem import env

from .layout import Layout
from .program import PROJECT, RunnerError

CACHE_NAME = "migrations.json"
CODE_FILES = ("requirements.lock", "prsystem/settings/base.py")


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


def migrate(layout: Layout) -> None:
    """Bring the database to this code; django.setup() must have been called."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.loader import MigrationLoader

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise RunnerError(f"No se pudo actualizar la base de datos ({type(error).__name__}): {error}") from error
    names = sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)
    connection.close()
    content = {"digest": code_digest(), "migrations": names}
    (layout.data / CACHE_NAME).write_text(json.dumps(content), encoding="utf-8")
