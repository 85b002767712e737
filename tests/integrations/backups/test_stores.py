"""Copies in an S3 store over the wire. The stand-in takes any credentials and removes what is locked only by its rules:
what credentials may not do shows on a real store alone."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pyrage
import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from incidents.models import Incident
from integrations.backups import stores, ticking
from integrations.backups.models import BackupRun
from integrations.backups.restore import restoring
from integrations.backups.services import runs_push
from prsystem.core.models import OutboxEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("some_data", "light")]
CREDENTIALS = {"access_key": "escritor", "secret_key": "secreto", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(address: str, settings: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    name = f"copias-{abs(hash(request.node.name)) % 10**8}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1"
    )
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    options = {"bucket_name": name, "endpoint_url": address, "lock": "GOVERNANCE", **CREDENTIALS}
    settings.BACKUP_STORES = {"offsite": options}
    stores.store.cache_clear()
    yield boto3.resource(
        "s3", endpoint_url=address, aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1"
    ).Bucket(name)
    stores.store.cache_clear()


def run_json(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("backup", "run", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_a_copy_goes_to_the_store_locked_for_its_tier(folder: Path, bucket: Any) -> None:
    told = run_json("--tier", "weekly")
    keys = sorted(item.key for item in bucket.objects.all())
    local = sorted(path.name for path in Path(told["ruta"]).glob("[!.]*"))
    assert keys == [f"respaldos/{told['id']}/{name}" for name in local]
    until = bucket.Object(keys[0]).object_lock_retain_until_date
    assert timedelta(days=83) < until - datetime.now(UTC) <= timedelta(days=84)
    assert BackupRun.objects.get(copy_id=told["id"]).stores == {"offsite": "ok"}


def test_a_store_that_is_down_fails_loudly_and_is_tried_again(folder: Path, bucket: Any, settings: Any) -> None:
    good = dict(settings.BACKUP_STORES["offsite"])
    settings.BACKUP_STORES["offsite"]["endpoint_url"] = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="offsite"):
        run_json("--tier", "daily")
    run = BackupRun.objects.get()
    assert (run.state, run.verified_at is not None) == ("incomplete", True)
    assert OutboxEvent.objects.filter(event="respaldo.fallido").count() == 1
    assert not OutboxEvent.objects.filter(event="respaldo.completado").exists()
    settings.BACKUP_STORES["offsite"] = good
    stores.store.cache_clear()
    assert runs_push() == 1
    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
    assert OutboxEvent.objects.filter(event="respaldo.completado").count() == 1


def test_a_bucket_that_is_not_there_is_named(folder: Path, bucket: Any, settings: Any) -> None:
    settings.BACKUP_STORES["offsite"]["bucket_name"] = "otro"
    with pytest.raises(CommandError, match="offsite: NoSuchBucket"):
        run_json()


def test_an_encrypted_copy_comes_back_from_the_store_alone(
    folder: Path, bucket: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "run_after_restore", lambda: None)
    escrow = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(pyrage.x25519.Identity.generate().to_public()), str(escrow.to_public())]
    told = run_json()
    shutil.rmtree(folder)
    Incident.objects.all().update(title="Perdido")
    key = tmp_path / "custodia.txt"
    key.write_text(f"# custodia\n{escrow}\n")
    call_command("restore", "--from", f"s3://{bucket.name}", "--identity", str(key), "--yes", "--replace")
    assert Incident.objects.filter(title="Perdido").count() == 0
    assert AuditEntry.objects.filter(accion="backup.restored", recurso=f"respaldo:{told['id']}").exists()
    assert not (folder / ".descarga").exists()


def test_the_archive_goes_to_the_store_segment_by_segment(
    folder: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integrations.backups.copy import making as copying

    monkeypatch.setattr(copying, "may_replicate", lambda server: True)
    run = ticking.wal_collect()
    assert run is not None
    assert (run.state, run.tier) == ("done", "hourly")
    keys = [item.key for item in bucket.objects.all()]
    assert keys
    assert all(key.startswith("respaldos/wal/") for key in keys)
    again = ticking.wal_collect()
    assert again is not None
    assert again.pk == run.pk


def test_an_unknown_bucket_is_refused(folder: Path, bucket: Any) -> None:
    with pytest.raises(CommandError, match="names the bucket ajeno"):
        call_command("restore", "--from", "s3://ajeno/respaldos", "--yes", "--replace")
