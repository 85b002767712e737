"""Heads in an S3 bucket with Object Lock: the store itself keeps them from whoever holds every key of the system.

The stand-in (moto) keeps the rules of the lock; whose credentials may do what shows on a real store alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import storages

from audit.seals import heads, reading, verifying

BUCKET, DAYS = "pista", 365
CREDENTIALS = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}


@pytest.fixture
def client(settings: Any, heads_folder: Any) -> Iterator[Any]:
    """The bucket, and the settings that send the heads to it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=address, **CREDENTIALS)
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    options = {"bucket_name": BUCKET, "endpoint_url": address, "region_name": "us-east-1", "location": "cabezas"}
    options |= {"access_key": "x", "secret_key": "x"}
    settings.STORAGES["audit"] = {"BACKEND": "prsystem.core.bounds.stores.BoundedS3Storage", "OPTIONS": options}
    settings.AUDIT_LOCK_DAYS = DAYS
    storages._storages.pop("audit", None)
    yield client
    httpx.post(f"{address}/moto-api/reset")  # it keeps its buckets from server to server
    storages._storages.pop("audit", None)
    server.stop()


def test_a_head_is_locked_for_its_days_and_can_not_be_removed(trail: None, client: Any) -> None:
    key = f"cabezas/{heads.head_export()}"
    found = client.head_object(Bucket=BUCKET, Key=key)
    assert found["ObjectLockMode"] == "COMPLIANCE"
    left = found["ObjectLockRetainUntilDate"] - datetime.now(UTC)
    assert timedelta(days=DAYS - 1) < left <= timedelta(days=DAYS)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=BUCKET, Key=key, VersionId=found["VersionId"], BypassGovernanceRetention=True)


def test_the_newest_head_is_read_back_and_written_once(trail: None, client: Any) -> None:
    assert heads.head_export() and heads.head_export() == ""
    newest = heads.head_newest()
    assert newest is not None and verifying.head_of(newest.header) == reading.batch_newest().head
