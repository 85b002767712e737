"""The private servers: durable settings, socket only, found by Django through the environment."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from prsystem.runner import schema
from prsystem.runner.layout import Layout
from prsystem.runner.program import RunnerError
from prsystem.runner.servers import data_servers, postgres, valkey


@pytest.mark.django_db
def test_database_is_private_utf8_and_checksummed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('listen_addresses'), current_setting('data_checksums')")
        assert cursor.fetchone() == ("", "on")
        cursor.execute(
            "SELECT upper('ñandú'), current_setting('server_encoding'), to_tsvector('spanish', 'válvulas')::text"
        )
        assert cursor.fetchone() == ("ÑANDÚ", "UTF8", "'valvul':1")


def test_cache_answers() -> None:
    cache.set("runner-test", "sí", 10)
    assert cache.get("runner-test") == "sí"


@pytest.mark.parametrize(("name", "find"), [("PRS_PG_BIN", postgres.binaries), ("PRS_VALKEY_BIN", valkey.binary)])
def test_a_place_without_the_binaries_is_named(name: str, find: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "/nowhere")
    with pytest.raises(RunnerError, match=f"^{name}: ") as refused:
        find()  # type: ignore[operator]
    assert len(str(refused.value).splitlines()) == 1


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("datos"))
    data_servers.prepare_folders(layout)
    postgres.initialise(layout)
    return layout


def damaged(cluster: Layout, name: str, content: bytes | None) -> str:
    """What is said of a cluster in which the file holds this, or isn't there; afterwards it is whole again."""
    path = cluster.postgres / name
    whole = path.read_bytes()
    path.write_bytes(content or b"")
    if content is None:
        path.unlink()
    try:
        with pytest.raises(RunnerError) as refused:
            postgres.check_folder(cluster)
    finally:
        path.write_bytes(whole)
        postgres.hand_over(cluster.postgres)
    postgres.check_folder(cluster)
    return str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"x" * 8192, b"x" * 100])
def test_a_broken_control_file_is_named_with_what_to_do(cluster: Layout, content: bytes | None) -> None:
    said = damaged(cluster, "global/pg_control", content)
    assert "global/pg_control" in said
    assert "manage.py restore" in said
    assert len(said.splitlines()) == 1


def test_data_of_another_postgresql_are_named_with_both_versions(cluster: Layout) -> None:
    own = (cluster.postgres / "PG_VERSION").read_text().strip()
    said = damaged(cluster, "PG_VERSION", b"15\n")
    assert ("PostgreSQL 15" in said, f"los binarios de {own}" in said, "PRS_PG_BIN" in said) == (True, True, True)


@pytest.mark.django_db
def test_tables_of_a_later_version_are_not_touched() -> None:
    schema._require_known(MigrationLoader(connection))
    recorder = MigrationRecorder(connection)
    recorder.record_applied("de_otros", "0001_initial")
    schema._require_known(MigrationLoader(connection))
    recorder.record_applied("incidents", "9999_later")
    with pytest.raises(RunnerError, match=r"versión posterior.*incidents\.9999_later"):
        schema._require_known(MigrationLoader(connection))
