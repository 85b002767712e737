"""Redis, Celery, Chroma, the model cluster, file storage, mail. Any of them may be down without stopping intake."""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from prsystem import env

from .base import LAYOUT, STATIC_ROOT

REDIS_URL = env.url("REDIS_URL", LAYOUT.redis_url, schemes=("redis", "rediss", "unix"))
CHROMA_URL = env.url("CHROMA_URL", LAYOUT.endpoint("chroma"), schemes=("http", "https", "unix"))
# Speaks Ollama's /api/embed; used when no cluster gives an embedding model.
EMBEDDER_URL = env.url("PRS_EMBEDDER_URL", LAYOUT.endpoint("embedder"), schemes=("http", "https", "unix"))

OLLAMA_URLS = env.urls("OLLAMA_URLS", schemes=("http", "https"))
OLLAMA_CHAT_MODEL = env.text("OLLAMA_CHAT_MODEL", "qwen3:4b")
# Answers when no node has the chat model free or whole; the rung below it.
OLLAMA_SMALL_MODEL = env.text("OLLAMA_SMALL_MODEL")
OLLAMA_EMBED_MODEL = env.text("OLLAMA_EMBED_MODEL")

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.3,
    "unacked_restore_throttle": 1,
    "max_retries": 0,  # a publisher doesn't wait for a broker that is away: the job's row is found by the sweep
    # In turns: what is done first is decided in the database, and no queue's messages may keep another's waiting.
    "queue_order_strategy": "round_robin",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "normal"
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(LAYOUT.run / "beat-schedule")

# ClamAV's daemon (tcp://host:3310 or unix:///path); without it attachments aren't scanned.
CLAMD_ADDRESS = env.url("CLAMD_ADDRESS", "", schemes=("tcp", "unix"))
MEDIA_ROOT = LAYOUT.media
FILE_UPLOAD_PERMISSIONS = 0o600
# Hashed, compressed names need collectstatic, which only an image build runs.
STATIC_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_ROOT.exists()
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
    "audit": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": LAYOUT.data / "audit" / "heads"},
    },
}


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
BUCKET_TEXT = "de 3 a 63 de a-z, 0-9, puntos sueltos y guiones, y no una dirección IP"


def _bucket(prefix: str) -> dict[str, Any]:
    """Where `<prefix>_BUCKET` is, and who may use it."""
    return {
        "bucket_name": env.matching(f"{prefix}_BUCKET", BUCKET, BUCKET_TEXT),
        "endpoint_url": env.url(f"{prefix}_ENDPOINT_URL", "", schemes=("http", "https")) or None,
        "region_name": env.text(f"{prefix}_REGION") or None,
        "access_key": env.text(f"{prefix}_ACCESS_KEY_ID") or None,
        "secret_key": env.text(f"{prefix}_SECRET_ACCESS_KEY") or None,
    }


if env.is_set("S3_BUCKET"):
    from botocore.config import Config

    # boto's own 60 s and five tries would hold a request, and the incident it writes to, for minutes.
    S3_LIMITS = Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 2, "mode": "standard"})
    S3_OPTIONS = {**_bucket("S3"), "file_overwrite": False, "querystring_auth": True, "client_config": S3_LIMITS}
    STORAGES["default"] = {"BACKEND": "prsystem.core.bounds.stores.BoundedS3Storage", "OPTIONS": S3_OPTIONS}
    STORAGES["audit"] = {
        "BACKEND": "prsystem.core.bounds.stores.BoundedS3Storage",
        "OPTIONS": {**S3_OPTIONS, "location": "auditoria/cabezas"},
    }

# Copies of everything: where they are made, for whose keys, with which role (it needs to read all and to replicate).
BACKUP_DIR = env.folder("PRS_BACKUP_DIR", LAYOUT.data / "respaldos")
BACKUP_RECIPIENTS = env.age_recipients("PRS_BACKUP_RECIPIENTS")
# Only where encrypted copies are checked again or restored; a key file of age, with its comments.
BACKUP_IDENTITY = env.matching("PRS_BACKUP_IDENTITY", r"(?s).*\bAGE-SECRET-KEY-1[0-9A-Z]+.*", "una clave de age")
BACKUP_DATABASE = env.database(
    "PRS_BACKUP_DATABASE_URL", env.text("DATABASE_OWNER_URL") or env.text("DATABASE_URL") or LAYOUT.owner_url
)
# The stores that copies are pushed to; each object is locked where `lock` says how.
BACKUP_STORES = {
    name: {**_bucket(prefix), "lock": env.choice(f"{prefix}_OBJECT_LOCK", "", ("GOVERNANCE", "COMPLIANCE"))}
    for name, prefix in (("s3", "S3"), ("offsite", "S3_OFFSITE"))
    if env.is_set(f"{prefix}_BUCKET")
}

# Absent: mails are kept in the outbox of the console and nothing is fetched.
EMAIL_SERVER = env.mail_server("EMAIL_URL", schemes=("smtp", "smtps"))
IMAP_SERVER = env.mail_server("IMAP_URL", schemes=("imap", "imaps"))

# Given up soon: a Redis that hangs must not hold a request.
_CACHE_LIMITS = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": _CACHE_LIMITS,
    }
}

# The first webhook endpoints: name -> (address, secret or empty for a random one). Afterwards they live in the console.
WEBHOOK_SEEDS = {
    name: (
        env.url(f"WEBHOOK_{name.upper()}_URL", "", schemes=("http", "https")),
        env.text(f"WEBHOOK_{name.upper()}_SECRET"),
    )
    for name in ("erp", "mes", "email")
}
