"""Rules that the database itself keeps, whoever writes."""

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from audit.models import PersonKey
from audit.seals import sealing
from audit.services import record
from knowledge.models import Article, Version
from prsystem.accounts.models import Area
from prsystem.core.context import Actor

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except Error:
        return True
    return False


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditentry SET accion = 'other'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "UPDATE audit_sealbatch SET count = 2",
        "DELETE FROM audit_sealedentry",
        "UPDATE audit_sealedentry SET ordinal = 7",
        "TRUNCATE audit_sealbatch, audit_sealedentry",
        "UPDATE audit_personkey SET secret = 'x'",
        "UPDATE audit_personkey SET user_id = 9",
        "DELETE FROM audit_personkey",
    ],
)
def test_the_audit_trail_is_append_only(sql: str) -> None:
    record(Actor(kind="user", label="ana", user_id=1), "test.done", "prueba:1")
    assert sealing.batch_seal() == 1
    assert refused(sql)


def test_a_key_of_a_person_can_only_be_destroyed() -> None:
    PersonKey.objects.create(user_id=1, secret=b"k" * 32)
    assert not refused("UPDATE audit_personkey SET secret = NULL, destroyed_at = now()")
    assert refused("UPDATE audit_personkey SET secret = 'x', destroyed_at = NULL")


def make_version() -> Version:
    area = Area.objects.create(code="PRB", name="Prueba")
    article = Article.objects.create(slug="prueba", area=area)
    return Version.objects.create(article=article, title="t", problem="p", solution="s")


TEXTS = ["title", "problem", "cause", "solution", "lang"]
CLOSED = ["publicada", "reemplazada", "archivada", "rechazada", "retirada", "descartada"]


@pytest.mark.parametrize("column", TEXTS)
def test_the_text_of_a_draft_changes_with_its_next_revision_alone(column: str) -> None:
    change = f"UPDATE knowledge_version SET {column} = 'xx'"
    version = make_version()
    assert refused(f"{change} WHERE id = %s", version.pk)
    assert refused(f"{change}, revision = revision + 2 WHERE id = %s", version.pk)
    assert refused(f"{change}, revision = revision + 1, origin = 'x' WHERE id = %s", version.pk)
    assert refused(f"{change}, revision = revision + 1, state = 'publicada' WHERE id = %s", version.pk)
    assert not refused(f"{change}, revision = revision + 1 WHERE id = %s", version.pk)


@pytest.mark.parametrize("state", CLOSED)
def test_the_text_of_a_version_that_is_no_draft_is_immutable(state: str) -> None:
    version = make_version()
    Version.objects.filter(pk=version.pk).update(state=state)
    for column in TEXTS:
        change = f"UPDATE knowledge_version SET {column} = 'xx', revision = revision + 1"
        assert refused(f"{change} WHERE id = %s", version.pk)
        assert refused(f"{change}, state = 'borrador' WHERE id = %s", version.pk)
    for waiting in ("borrador", "en_revision"):
        assert refused(f"UPDATE knowledge_version SET state = '{waiting}' WHERE id = %s", version.pk)
    for closed in CLOSED:
        assert not refused(f"UPDATE knowledge_version SET state = '{closed}' WHERE id = %s", version.pk)


def test_a_version_is_never_removed_but_its_state_moves() -> None:
    version = make_version()
    assert refused("DELETE FROM knowledge_version WHERE id = %s", version.pk)
    assert not refused("UPDATE knowledge_version SET state = 'publicada' WHERE id = %s", version.pk)
