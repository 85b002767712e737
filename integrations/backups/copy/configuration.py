"""The configuration that a copy takes along. Secrets only when the copy is encrypted; else their names alone."""

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from prsystem import env

MAX_SECRET_FILE_BYTES = 64 * 1024
PUBLIC = (
    *("ALLOWED_HOSTS", "TRUSTED_PROXIES", "METRICS_ALLOWED_CIDRS", "TIME_ZONE", "PORT"),
    *("OLLAMA_CHAT_MODEL", "OLLAMA_SMALL_MODEL", "OLLAMA_EMBED_MODEL"),
    *("S3_ENDPOINT_URL", "S3_BUCKET", "S3_REGION"),
    *("S3_OFFSITE_ENDPOINT_URL", "S3_OFFSITE_BUCKET", "S3_OFFSITE_REGION"),
    *("LDAP_SERVER", "LDAP_BASE_DN", "LDAP_START_TLS", "PRS_BACKUP_RECIPIENTS"),
)
# Addresses may carry a password, so they count as secrets.
SECRET = (
    *(
        "SECRET_KEY",
        "PRS_SECRET_KEY_FALLBACKS",
        "PRS_API_KEY_PEPPERS",
        "DATABASE_URL",
        "DATABASE_REPLICA_URL",
        "REDIS_URL",
        "CHROMA_URL",
    ),
    *("OLLAMA_URLS", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_OFFSITE_ACCESS_KEY_ID"),
    *("S3_OFFSITE_SECRET_ACCESS_KEY", "LDAP_BIND_DN", "LDAP_BIND_PASSWORD", "EMAIL_URL"),
    *("WEBHOOK_ERP_URL", "WEBHOOK_MES_URL", "WEBHOOK_EMAIL_URL"),
)


def configuration(data: Path, *, with_secrets: bool) -> bytes:
    """JSON: `environment`, `files` of the data folder (both with secrets or without), `withheld` names."""
    secret_files = _secret_files(data)
    secrets = [name for name in SECRET if env.is_set(name)]
    content: dict[str, Any] = {
        "environment": {name: env.text(name) for name in PUBLIC if env.is_set(name)},
        "files": {},
        "withheld": sorted([*secrets, *secret_files]),
    }
    if with_secrets:
        content["environment"] |= {name: env.text(name) for name in secrets}
        content["files"], content["withheld"] = secret_files, []
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def _secret_files(data: Path) -> dict[str, str]:
    """Key files that the product made in its data folder: name -> text."""
    found = [path for path in sorted(data.glob("*key*")) if path.is_file()]
    small = [path for path in found if path.stat().st_size <= MAX_SECRET_FILE_BYTES]
    return {path.name: path.read_text(encoding="utf-8", errors="strict") for path in small}


def key_mark(secret_key: str) -> str:
    """Tells two signing keys apart and says nothing about them."""
    return hmac.new(secret_key.encode(), b"pr-system backup", hashlib.sha256).hexdigest()[:16]


def put_back(content: bytes, data: Path) -> list[str]:
    """Write the key files of a copy into the data folder where the operator gives none; the names written."""
    files = json.loads(content).get("files", {})
    written = []
    for name, text in files.items():
        if name != Path(name).name or name.startswith(".") or "key" not in name:
            continue
        scratch = data / f"{name}.new"
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        scratch.replace(data / name)
        written.append(name)
    return written
