"""A server that never comes to an end doesn't keep a worker: every client leaves it by the clock.

Timeouts of a read don't show here: they are a minute wherever a client has one, and each byte would renew them.
"""

import gzip
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from prsystem.core.outgoing import http
from tests.standins.hostile import Script, answering, dripping, flooding, hostile, http_answer, silent

from .clients import HTTP, LINES, TLS, Client, ask_chroma, ask_store, push_copy, storage

HANG_SECONDS = 60  # only that a hung client fails its test and doesn't hang the run
OK = b"HTTP/1.1 200 OK\r\n"
NEVER_ENDS: dict[str, Script] = {
    "silent": silent,
    "drips its headers": dripping(OK + b"X-Endless: "),
    "drips its body": dripping(OK + b"Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n["),
    "drips a body without length": dripping(OK + b"Connection: close\r\n\r\n"),
    "drips chunks": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "drips interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "floods headers": flooding(OK, b"X-More: " + b"y" * 1000 + b"\r\n"),
}
GREETINGS: dict[str, Script] = {
    "silent": silent,
    "drips": dripping(b"", waits=False),
    "drips lines": dripping(b"", b"220-x\r\n", waits=False),
    "floods": flooding(b"", b"y" * 65536, waits=False),
    "floods lines": flooding(b"", b"* 220-more\r\n" * 5000, waits=False),
    "drips a message of LDAP": dripping(b"\x30\x84\x00\xff\xff\xff", b"\x02", waits=False),
    "floods multi-line": flooding(b"", b"220-more\r\n" * 5000, waits=False),
}
HANDSHAKES: dict[str, Script] = {
    "silent": silent,
    "drips a record": dripping(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\0", waits=False),
}


def leaves(client: Client, script: Script, settings: Any, patch: pytest.MonkeyPatch) -> None:
    with hostile(script) as server, ThreadPoolExecutor(1) as pool:
        work = pool.submit(client.call, server.port, settings, patch)
        try:
            with pytest.raises(client.failure):
                work.result(HANG_SECONDS)
        finally:
            server.stop()
        assert server.connected.wait(HANG_SECONDS)


@pytest.mark.parametrize("how", NEVER_ENDS)
@pytest.mark.parametrize("name", HTTP)
def test_a_server_of_http_that_never_ends_is_left(
    name: str, how: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves(HTTP[name], NEVER_ENDS[how], settings, monkeypatch)


@pytest.mark.parametrize("how", GREETINGS)
@pytest.mark.parametrize("name", LINES)
def test_a_server_of_lines_that_never_ends_is_left(
    name: str, how: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves(LINES[name], GREETINGS[how], settings, monkeypatch)


@pytest.mark.parametrize("how", HANDSHAKES)
@pytest.mark.parametrize("name", TLS)
def test_a_handshake_that_never_ends_is_left(
    name: str, how: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves(TLS[name], HANDSHAKES[how], settings, monkeypatch)


@pytest.mark.parametrize("how", HANDSHAKES)
def test_a_handshake_of_https_that_never_ends_is_left(how: str) -> None:
    with hostile(HANDSHAKES[how]) as server, pytest.raises(http.httpx.TransportError):
        http.json_client(f"https://127.0.0.1:{server.port}", 0.3).get("/")


def test_a_request_that_is_never_read_is_left() -> None:
    with hostile(silent) as server, pytest.raises(http.httpx.TransportError):
        http.json_client(f"http://127.0.0.1:{server.port}", 0.3).post("/", content=b"x" * 20_000_000)


def test_an_endless_fast_answer_is_cut_at_its_cap() -> None:
    script = flooding(OK + b"Connection: close\r\n\r\n", b"y" * 65536)
    with hostile(script) as server, pytest.raises(http.ResponseTooLarge):
        http.json_client(f"http://127.0.0.1:{server.port}", 30).get("/")
    assert server.bytes_sent < 4 * http.MAX_BYTES


def test_a_compressed_answer_is_refused_unread() -> None:
    """Encodings can be stacked: a few kilobytes of them are gigabytes."""
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    script = answering(http_answer(bomb, "Content-Encoding: gzip, gzip"))
    with hostile(script) as server, pytest.raises(http.ResponsePacked):
        http.json_client(f"http://127.0.0.1:{server.port}", 5).get("/")


def test_what_a_receiver_of_webhooks_says_is_read_to_its_cap(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status has been said by then, and counts."""
    script = flooding(OK + b"Connection: close\r\n\r\n", b"y" * 65536)
    with hostile(script) as server:
        HTTP["webhook"].call(server.port, settings, monkeypatch)
    assert server.bytes_sent < 16 * 1024 * 1024


@pytest.mark.parametrize("name", sorted(set(HTTP) - {"traces"}))
def test_a_redirect_is_never_followed(name: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def elsewhere(head: bytes) -> bytes:
        seen.append(head)
        return http_answer(b"", "Location: /otra", status="302 Found")

    with hostile(answering(elsewhere)) as server:
        try:
            HTTP[name].call(server.port, settings, monkeypatch)
        except HTTP[name].failure:
            pass
    assert 1 <= len(seen) <= 12
    assert not any(b" /otra" in head for head in seen)


def test_a_redirect_of_the_collector_is_not_followed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    script = answering(http_answer(b"", "Location: /otra", status="302 Found"))
    with hostile(script) as server, pytest.raises(OSError):
        HTTP["traces"].call(server.port, settings, monkeypatch)
    assert server.requests == 1


def test_a_deadline_past_on_one_connection_is_none_of_the_next(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept-alive connections serve requests with deadlines of their own."""
    with hostile(answering(http_answer(b"{}"))) as server:
        client = http.json_client(f"http://127.0.0.1:{server.port}")
        assert [client.get("/").status_code for _turn in range(3)] == [200] * 3
        ask_chroma(server.port, settings, monkeypatch)
        assert server.connections == 1


ALWAYS_YES = {
    "empty": http_answer(b""),
    "page": http_answer(b"<html>Welcome</html>", "Content-Type: text/html"),
    "json": http_answer(b"{}", "Content-Type: application/json"),
    "xml": http_answer(b'<?xml version="1.0"?><Yes/>', "Content-Type: application/xml"),
}


@pytest.mark.parametrize("yes", ALWAYS_YES)
def test_a_store_that_says_yes_to_everything_is_asked_a_few_times(
    yes: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile(answering(ALWAYS_YES[yes])) as server:
        with pytest.raises(HTTP["store, attach"].failure):
            ask_store(server.port, settings, monkeypatch)
        assert server.requests <= 6


@pytest.mark.parametrize("size", [10, 20_000_000])
@pytest.mark.parametrize("yes", ALWAYS_YES)
def test_no_copy_counts_as_pushed_to_a_store_that_says_yes_to_everything(
    yes: str, size: int, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from integrations.backups import stores

    (copy := tmp_path / "copia").write_bytes(bytes(size))
    with hostile(answering(ALWAYS_YES[yes])) as server:
        with suppress(HTTP["store, copies"].failure):
            push_copy(server.port, settings, monkeypatch)
        with pytest.raises(HTTP["store, copies"].failure):
            stores.put("s3", "copia/datos", copy)
        assert server.requests <= 10


def endless_pages(_head: bytes, pages: list[int]) -> bytes:
    pages.append(0)
    entry = f"<Contents><Key>respaldos/{len(pages)}</Key><Size>1</Size></Contents>"
    more = f"<IsTruncated>true</IsTruncated><NextMarker>m{len(pages)}</NextMarker>"
    return http_answer(f"<ListBucketResult>{more}{entry}</ListBucketResult>".encode(), "Content-Type: application/xml")


def test_a_listing_that_never_ends_is_left(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from integrations.backups.stores import BackupStorage

    monkeypatch.setattr(BackupStorage, "most_requests", 50)
    with hostile(answering(partial(endless_pages, pages=[]))) as server:
        with pytest.raises(HTTP["store, copies"].failure):
            push_copy(server.port, settings, monkeypatch)
        assert server.requests == 50


def test_a_store_that_fails_for_ever_is_tried_a_few_times(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile(answering(http_answer(b"", status="500 Internal Server Error"))) as server:
        with pytest.raises(HTTP["store, attach"].failure):
            ask_store(server.port, settings, monkeypatch)
        assert server.requests <= 4


def test_a_large_file_in_a_store_that_takes_parts_and_never_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.base import ContentFile

    from prsystem.core.files.stored import StoreAway, store_reached

    def missing_then_yes(head: bytes) -> bytes:
        return http_answer(b"", status="404 Not Found") if head.startswith(b"HEAD") else http_answer(b"")

    with hostile(answering(missing_then_yes)) as server, pytest.raises(StoreAway), store_reached():
        storage(server.port, monkeypatch).save("grande.bin", ContentFile(bytes(20_000_000)))
    assert server.requests <= 8
