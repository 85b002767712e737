"""An S3 bucket through django-storages whose answers are bounded: so many requests and seconds for what is asked of it,
and an error of one kind for what isn't an answer of S3. Imports boto: for STORAGES and the modules of backups alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any

from botocore.awsrequest import AWSHTTPConnection, AWSHTTPConnectionPool
from botocore.httpsession import URLLib3Session
from botocore.parsers import ResponseParserError
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from . import deadlines

NAME_TRIES = 3  # names are random: one that is taken is a marvel
MOST_REDIRECTS = 2  # to a bucket's region; boto follows them without an end
MOST_REQUESTS = 100  # of one file of at most 50 MB, in parts of 8, each tried five times
OPERATION_SECONDS, EXCHANGE_SECONDS = 90.0, 30.0
MOST_BYTES = 200 * 1024 * 1024
MEMORY_BYTES = 8 * 1024 * 1024  # of a file that is read; the rest of it goes to the disk


class StoreNonsense(OSError):
    """What answers isn't an S3 store, or never comes to an end."""


class _Connection(AWSHTTPConnection):
    def _new_conn(self) -> Any:
        return deadlines.clocked(super()._new_conn())


class _Pool(AWSHTTPConnectionPool):
    ConnectionCls = _Connection


class _Session(URLLib3Session):
    """boto's session; `allow` says what the requests of one operation may take, in all of its threads."""

    def __init__(self, exchange_seconds: float, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pool_classes_by_scheme["http"] = _Pool
        self._exchange_seconds, self._lock = exchange_seconds, Lock()
        self.allow(MOST_REQUESTS, OPERATION_SECONDS)

    def allow(self, requests: int, seconds: float) -> None:
        seconds = min(seconds, deadlines.left())  # of the caller's block: the threads of an upload don't know it
        self._left, self._until, self._redirects_left = requests, monotonic() + seconds, MOST_REDIRECTS

    def _get_ssl_context(self) -> Any:
        return deadlines.clock_tls(super()._get_ssl_context())

    def send(self, request: Any) -> Any:
        with self._lock:
            self._left -= 1
        if self._left < 0:
            raise StoreNonsense("too many requests for one operation")
        with deadlines.by(self._until), deadlines.within(self._exchange_seconds):
            response = super().send(request)
        if request.method == "PUT" and response.status_code == 200 and "ETag" not in response.headers:
            raise StoreNonsense("nothing was stored: S3 names what it took")
        if 300 < response.status_code < 304 or response.status_code in (307, 308):
            self._redirects_left -= 1
        if self._redirects_left < 0:
            raise StoreNonsense("sent on and on")
        return response


@contextmanager
def sensible() -> Iterator[None]:
    """StoreNonsense for what boto raises on answers that it takes for those of S3."""
    try:
        yield
    except (ResponseParserError, RetriesExceededError, KeyError, TypeError, ValueError) as error:
        raise StoreNonsense(f"the store's answer is none: {type(error).__name__}") from error


class _File(S3File):
    """Read when it is first touched, outside of the call that opened it."""

    def _get_file(self) -> Any:
        with sensible():
            if self._file is None and "r" in self._mode and self.obj.content_length > self._storage.most_bytes:
                raise StoreNonsense("larger than any file that was put there")
            return super()._get_file()

    file = property(_get_file, S3File._set_file)


class BoundedS3Storage(S3Storage):
    """`most_requests` and `operation_seconds` are for one call of a method, `exchange_seconds` for one request,
    `most_bytes` for a file that is read."""

    most_bytes = MOST_BYTES
    most_requests, operation_seconds, exchange_seconds = MOST_REQUESTS, OPERATION_SECONDS, EXCHANGE_SECONDS

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_memory_size": MEMORY_BYTES, **options})

    @property
    def connection(self) -> Any:
        is_new = getattr(self._connections, "connection", None) is None
        connection = super().connection
        if is_new:
            endpoint = connection.meta.client._endpoint
            endpoint.http_session = self._session_as(endpoint.http_session)
        return connection

    def _session_as(self, boto: Any) -> _Session:
        """As boto has made it. It has no public place for a session of one's own."""
        return _Session(
            self.exchange_seconds,
            verify=boto._verify,
            proxies=boto._proxy_config._proxies,
            proxies_config=boto._proxy_config.settings,
            timeout=(boto._timeout.connect_timeout, boto._timeout.read_timeout),
            max_pool_connections=boto._max_pool_connections,
            socket_options=boto._socket_options,
        )

    @contextmanager
    def _operation(self) -> Iterator[None]:
        session = self.connection.meta.client._endpoint.http_session
        session.allow(self.most_requests, self.operation_seconds)
        with sensible():
            yield

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name, or another one; StoreNonsense when each is taken, as in a store that says yes to everything."""
        if self.file_overwrite:
            return str(super().get_available_name(name, max_length))
        name = clean_name(name)
        for _try in range(NAME_TRIES):
            if self.is_name_available(name, max_length=max_length):
                return name
            root, dot, extension = name.rpartition(".")
            name = self.get_alternative_name(root or name, dot + extension if root else "")
        raise StoreNonsense("every name is taken")

    def _open(self, name: str, mode: str = "rb") -> Any:
        with self._operation():
            file = super()._open(name, mode)
        file.__class__ = _File  # the library has no place to name another class
        return file

    def _save(self, name: str, content: Any) -> str:
        with self._operation():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with self._operation():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with self._operation():
            super().delete(name)

    def size(self, name: str) -> int:
        with self._operation():
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with self._operation():
            return super().listdir(path)
