"""A PostgreSQL connection that gives up on a server which hangs, so that the thread that asked is free again.

`statement_timeout` is kept by the server, and TCP's timeouts by the kernel of the other side: neither helps when the
server process stands still, or a Unix socket lies between. This bound is kept here, by the clock.
"""

from typing import Any

import psycopg
from psycopg.abc import PQGen

CHECK_SECONDS = 2.0
_CHECK = ""


class BoundedConnection(psycopg.Connection[Any]):
    """Each answer comes within `answer_seconds`, or OperationalError and the connection is closed: what is still to
    come on it would be taken for the answer to something else. 0: no bound."""

    answer_seconds: float = 0

    def execute(self, query: Any, *given: Any, **named: Any) -> psycopg.Cursor[Any]:
        """The pool looks with an empty query whether a connection still works; that one may take CHECK_SECONDS."""
        if query != _CHECK:
            return super().execute(query, *given, **named)
        self.answer_seconds = CHECK_SECONDS
        try:
            return super().execute(query, *given, **named)
        finally:
            del self.answer_seconds

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None or not self.answer_seconds:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_seconds)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer within {self.answer_seconds:g} s") from error


def connection_class(answer_seconds: float) -> type[BoundedConnection]:
    return type("BoundedConnection", (BoundedConnection,), {"answer_seconds": answer_seconds})
