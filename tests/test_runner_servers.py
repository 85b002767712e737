"""The private servers: durable settings, socket only, found by Django through the environment."""

import pytest
from django.core.cache import cache
from django.db import connection


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
