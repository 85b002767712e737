"""Every client of another system, with deadlines so short that a test can wait for them."""

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.files.base import ContentFile

from integrations import antivirus, chroma
from integrations.backups import stores as backup_stores
from integrations.backups.errors import BackupError
from integrations.embedder import client as embedder
from integrations.mail import imap, smtp
from integrations.ollama.client import OllamaNode
from integrations.ollama.errors import NodeError
from integrations.preflight import watching
from integrations.webhooks import transport
from prsystem.core.bounds import stores
from prsystem.core.errors import Unavailable
from prsystem.core.files.stored import StoreAway, store_reached
from prsystem.core.health.preflight import FAIL
from prsystem.core.outgoing.addresses import AddressPolicy, Allowance
from prsystem.core.outgoing.http import public_session
from prsystem.mail_servers import MailServer

SECONDS = 0.4
Patch = pytest.MonkeyPatch


class NoAnswer(Exception):
    """For clients that report a failure as a value."""


@dataclass(frozen=True)
class Client:
    call: Callable[[int, Any, Patch], object]
    failure: type[Exception]


def ask_chroma(port: int, settings: Any, patch: Patch) -> None:
    settings.CHROMA_URL = f"http://127.0.0.1:{port}"
    chroma.heartbeat(SECONDS)


def ask_embedder(port: int, settings: Any, patch: Patch) -> None:
    settings.EMBEDDER_URL = f"http://127.0.0.1:{port}"
    embedder.embed_texts(["bomba"], role="query", deadline_seconds=SECONDS)


def ask_ollama(port: int, settings: Any, patch: Patch) -> None:
    node = OllamaNode(f"http://127.0.0.1:{port}", idle_seconds=60)
    messages = [{"role": "user", "content": "hola"}]
    deadline = time.monotonic() + 2 * SECONDS
    list(node.chat_stream(messages, model="m", deadline=deadline, first_token_seconds=SECONDS))


def ask_ollama_for_vectors(port: int, settings: Any, patch: Patch) -> None:
    node = OllamaNode(f"http://127.0.0.1:{port}", idle_seconds=60)
    node.embed(["bomba"], model="m", deadline=time.monotonic() + SECONDS)


def ask_prometheus(port: int, settings: Any, patch: Patch) -> None:
    patch.setattr(watching, "SECONDS", SECONDS)
    settings.PROMETHEUS_URL = f"http://127.0.0.1:{port}"
    if watching.alerts().state == FAIL:
        raise NoAnswer


def send_webhook(port: int, settings: Any, patch: Patch) -> None:
    patch.setattr(transport, "DEADLINE_SECONDS", SECONDS)
    policy = AddressPolicy((Allowance("127.0.0.1", (ip_network("127.0.0.0/8"),), frozenset({port})),))

    async def post() -> transport.Answer:
        async with public_session(policy, total_seconds=60) as session:
            return await transport.post(session, policy, f"http://127.0.0.1:{port}/", b"{}", {})

    answer = asyncio.run(post())
    if not answer.status:
        raise NoAnswer(answer.error)


def storage(port: int, patch: Patch) -> stores.BoundedS3Storage:
    patch.setattr(stores.BoundedS3Storage, "exchange_seconds", SECONDS)
    limits = {"connect_timeout": 1, "read_timeout": 60, "retries": {"total_max_attempts": 2, "mode": "standard"}}
    from botocore.config import Config

    return stores.BoundedS3Storage(
        bucket_name="prs",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        access_key="x",
        secret_key="x",
        file_overwrite=False,
        client_config=Config(**limits),
    )


def ask_store(port: int, settings: Any, patch: Patch) -> None:
    with store_reached():
        storage(port, patch).save("a.bin", ContentFile(b"x" * 100))


def fetch_from_store(port: int, settings: Any, patch: Patch) -> None:
    with store_reached(), storage(port, patch).open("a.bin") as file:
        file.read()


def push_copy(port: int, settings: Any, patch: Patch) -> None:
    patch.setattr(backup_stores.BackupStorage, "exchange_seconds", SECONDS)
    backup_stores.store.cache_clear()
    options = {"bucket_name": "prs", "endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
    settings.BACKUP_STORES = {"s3": {**options, "access_key": "x", "secret_key": "x", "lock": ""}}
    backup_stores.listed("s3", "")


def mail_server(port: int, *, is_tls: bool) -> MailServer:
    return MailServer("127.0.0.1", port, is_tls, "auto", "u", "p")


def send_mail(port: int, settings: Any, patch: Patch, *, is_tls: bool = False) -> None:
    patch.setattr(smtp, "DEADLINE_SECONDS", SECONDS)
    smtp.greet(mail_server(port, is_tls=is_tls))


def read_mailbox(port: int, settings: Any, patch: Patch, *, is_tls: bool = False) -> None:
    patch.setattr(imap, "COMMAND_SECONDS", SECONDS)
    with imap.Mailbox(mail_server(port, is_tls=is_tls)) as mailbox:
        mailbox.unread()


def scan(port: int, settings: Any, patch: Patch) -> None:
    patch.setattr(antivirus, "DEADLINE_SECONDS", SECONDS)
    settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{port}"
    antivirus.threat_in(io.BytesIO(b"x" * 1000))


def export_spans(port: int, settings: Any, patch: Patch) -> None:
    from prsystem.core.bounds.exporting import BoundedSession

    BoundedSession(SECONDS).post(f"http://127.0.0.1:{port}/v1/traces", data=b"x", timeout=60)


def ask_directory(port: int, settings: Any, patch: Patch) -> None:
    pytest.importorskip("ldap")
    from prsystem.accounts.directory import client

    patch.setattr(client, "_silent_until", 0.0)
    settings.LDAP_SERVERS = [f"ldap://127.0.0.1:{port}"]
    client.converse(partial(client.survey, []), seconds=SECONDS)


HTTP = {
    "chroma": Client(ask_chroma, chroma.ChromaError),
    "embedder": Client(ask_embedder, embedder.EmbedderError),
    "ollama, chat": Client(ask_ollama, NodeError),
    "ollama, vectors": Client(ask_ollama_for_vectors, NodeError),
    "prometheus": Client(ask_prometheus, NoAnswer),
    "webhook": Client(send_webhook, NoAnswer),
    "store, attach": Client(ask_store, StoreAway),
    "store, fetch": Client(fetch_from_store, StoreAway),
    "store, copies": Client(push_copy, BackupError),
    "traces": Client(export_spans, OSError),
}
LINES = {
    "smtp": Client(send_mail, smtp.MailNotSent),
    "imap": Client(read_mailbox, imap.MailboxUnavailable),
    "clamd": Client(scan, antivirus.AntivirusAway),
    "ldap": Client(ask_directory, Unavailable),
}
TLS = {
    "smtps": Client(lambda *given: send_mail(*given, is_tls=True), smtp.MailNotSent),
    "imaps": Client(lambda *given: read_mailbox(*given, is_tls=True), imap.MailboxUnavailable),
}
