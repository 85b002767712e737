"""The one byte form of an audit entry and of a batch, over which hashes are taken. Pure; changing it breaks every seal.

What tells of a person (name, address, and the details of entries about that person's account) is in the leaf only as a
commitment: an HMAC under the person's own key. Once that key and the plain values are gone, the leaf still verifies
from the commitment, and nothing leads back from it to the values.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

HEAD = b"\x02"
PERSON = "usuario:"


@dataclass(frozen=True)
class Entry:
    """An audit entry as it is stored; `timestamp` in ISO 8601 UTC, `detalles` as the database writes it."""

    id: int
    timestamp: str
    actor_kind: str
    usuario_id: int | None
    actor: str
    accion: str
    recurso: str
    resultado: str
    detalles: str
    ip: str | None
    request_id: str
    xid: str | None

    @property
    def subject_id(self) -> int | None:
        """The person that the entry is about, if it is about somebody's account."""
        number = self.recurso.removeprefix(PERSON)
        return int(number) if self.recurso.startswith(PERSON) and number.isascii() and number.isdigit() else None


@dataclass(frozen=True)
class Batch:
    """The header of a batch. `watermark`: every transaction below it was sealed up to here."""

    number: int
    count: int
    root: str
    previous: str
    sealed_at: str
    watermark: str | None
    system: str
    key: str


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no blanks, UTF-8; numbers with a fraction keep their digits."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_decimal)
    return text.encode("utf-8", "surrogatepass")


def _decimal(value: object) -> dict[str, str]:
    if not isinstance(value, Decimal):
        raise TypeError(type(value))
    return {"decimal": str(value)}


def _details(entry: Entry) -> Any:
    return json.loads(entry.detalles, parse_float=Decimal)


def actor_content(entry: Entry) -> bytes | None:
    """What the entry tells of who acted; None when that was no person."""
    if entry.usuario_id is None:
        return None
    return canonical_json({"id": entry.id, "actor": entry.actor, "ip": entry.ip})


def subject_content(entry: Entry) -> bytes | None:
    """What the entry tells of the person it is about; None when it is about something else."""
    if entry.subject_id is None:
        return None
    return canonical_json({"id": entry.id, "detalles": _details(entry), "ip": _ip_of_nobody(entry)})


def _ip_of_nobody(entry: Entry) -> str | None:
    """Of a refused sign-in: there is no actor yet whose address it would be."""
    return entry.ip if entry.usuario_id is None else None


def commitment(secret: bytes, content: bytes) -> bytes:
    return hmac.digest(secret, content, hashlib.sha256)


def named(key_id: int | None, value: bytes | None) -> str | None:
    """A commitment with the number of its key, so that neither can be exchanged."""
    return None if value is None else f"{key_id}:{value.hex()}"


def leaf_content(entry: Entry, actor: str | None, subject: str | None) -> bytes:
    """The entry with the given commitments (see `named`) in the place of what tells of people."""
    fields: dict[str, Any] = {
        "id": entry.id,
        "timestamp": entry.timestamp,
        "actor_kind": entry.actor_kind,
        "usuario_id": entry.usuario_id,
        "accion": entry.accion,
        "recurso": entry.recurso,
        "resultado": entry.resultado,
        "request_id": entry.request_id,
        "xid": entry.xid,
    }
    fields |= {"actor": entry.actor} if actor is None else {"actor_hmac": actor}
    fields |= {"detalles": _details(entry)} if subject is None else {"sujeto_hmac": subject}
    if actor is None and subject is None:
        fields["ip"] = entry.ip
    return canonical_json(fields)


def head_of(batch: Batch) -> bytes:
    """The hash that is signed and that the next batch names as its previous one."""
    return hashlib.sha256(HEAD + canonical_json(vars(batch))).digest()


def batch_from(header: Mapping[str, Any]) -> Batch:
    """A header read from a file; ValueError when it isn't one."""
    try:
        number, count = int(header["number"]), int(header["count"])
        text = {name: str(header[name]) for name in ("root", "previous", "sealed_at", "system", "key")}
        watermark = None if header["watermark"] is None else str(header["watermark"])
    except (KeyError, TypeError) as error:
        raise ValueError("header") from error
    return Batch(number=number, count=count, watermark=watermark, **text)
