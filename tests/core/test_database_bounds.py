"""A server that doesn't answer is given up; a statement and a lock are bounded where requests ask, and nowhere else."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from prsystem import database
from prsystem.database import connection_class
from prsystem.settings import base


def connect(seconds: float) -> psycopg.Connection:
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    return connection_class(seconds).connect(f"host={host} dbname={name} user=prs", autocommit=True)


@pytest.mark.django_db
def test_who_waits_too_long_for_an_answer_is_told_and_the_connection_is_gone() -> None:
    with connect(0.3) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match=r"no answer within 0\.3 s"):
            link.execute("SELECT pg_sleep(1)")
        assert link.closed


@pytest.mark.django_db
def test_the_check_of_the_pool_gives_up_sooner_and_leaves_the_bound_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(database, "_CHECK", "SELECT pg_sleep(0.6)")
    with connect(30) as link:
        link.execute("SELECT pg_sleep(0.5)")
        with pytest.raises(psycopg.OperationalError, match=r"no answer within 0\.2 s"):
            link.execute("SELECT pg_sleep(0.6)")
        assert link.answer_seconds == 30


@pytest.mark.django_db
def test_without_a_bound_it_waits_as_long_as_it_takes() -> None:
    with connect(0) as link:
        assert link.execute("SELECT pg_sleep(0.3)").fetchone() is not None


def test_commands_and_background_work_take_the_time_they_need() -> None:
    options = settings.DATABASES["default"]["OPTIONS"]
    assert "connection_class" not in options["pool"]
    assert "statement_timeout" not in options.get("options", "")
    assert options["tcp_user_timeout"] == "15000"


def test_requests_bound_statements_and_locks_and_the_operator_has_the_last_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "STATEMENT_SECONDS", 15)
    parts = {"dbname": "x", "options": "-c statement_timeout=5"}
    made = base._database(parts, {"options": "-c default_transaction_read_only=on"})["OPTIONS"]
    assert made["options"] == "-c statement_timeout=15000 -c lock_timeout=10000 -c statement_timeout=5"


def test_a_cache_that_hangs_is_given_up() -> None:
    options = settings.CACHES["default"]["OPTIONS"]
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (1, 1)
