"""The servers that the product leans on: `pr_part_up{part}` (1 or 0; absent where a part isn't in use), and of the
database `pr_database_connections`, `pr_database_connections_max` and this server's own pool, `pr_database_pool{state}`.
"""

from django.db import connection
from prometheus_client import Gauge
from prometheus_client.core import GaugeMetricFamily, Metric

from prsystem.core.health import checks

from .metrics import CACHE_SECONDS, Reading, register

UP, CONNECTIONS, MOST = "pr_part_up", "pr_database_connections", "pr_database_connections_max"
# `waiting`: requests that wait for a connection. The sum over the processes of this server.
POOL = Gauge(
    "pr_database_pool", "Connections of the pool, and who waits for one", ["state"], multiprocess_mode="livesum"
)
_POOL_STATES = {"size": "pool_size", "free": "pool_available", "waiting": "requests_waiting"}
# Across all databases: they share the bound. Kept free for superusers: not ours to use.
_CONNECTIONS = """
SELECT (SELECT sum(numbackends) FROM pg_stat_database)::int,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""


def register_all() -> None:
    register(Reading((UP,), part_families, seconds=CACHE_SECONDS))
    register(Reading((CONNECTIONS, MOST), connection_families, seconds=CACHE_SECONDS))


def part_families() -> list[Metric]:
    up = GaugeMetricFamily(UP, "Whether a part answers", labels=["part"])
    for part, state in checks.states(checks.WATCHED).items():
        if state != checks.OFF:
            up.add_metric([part], float(state == checks.OK))
    return [up]


def connection_families() -> list[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        used, most = cursor.fetchone()
    return [
        GaugeMetricFamily(CONNECTIONS, "Connections of the server that are in use", value=used),
        GaugeMetricFamily(MOST, "Connections that the server gives to others than superusers", value=most),
    ]


def pool_note() -> None:
    """The pool as it is now; called at the end of each request, in the process whose pool it is."""
    if not (pool := connection.pool):  # type: ignore[attr-defined]
        return
    found = pool.get_stats()
    for state, name in _POOL_STATES.items():
        POOL.labels(state).set(found.get(name, 0))
