"""A session of `requests` whose conversations are bounded, for the one library that insists on it (OpenTelemetry)."""

from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.util.ssl_ import create_urllib3_context

from . import deadlines

ANSWER_BYTES = 1024 * 1024


class _Connection(HTTPConnection):
    def _new_conn(self) -> Any:
        return deadlines.clocked(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=deadlines.clock_tls(create_urllib3_context()), **kwargs)
        classes = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {**classes, "http": _Pool}


class BoundedSession(Session):
    """No proxies, no .netrc, no redirects; each exchange is over in `seconds`, its answer at most ANSWER_BYTES."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0
        self._seconds = seconds
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        with deadlines.within(self._seconds, most_bytes=ANSWER_BYTES):
            return super().send(request, **kwargs)
