"""A second site that only takes: rights are really checked here (the stand-in's IAM), locks are really kept.

What the stand-in can't show: COMPLIANCE against the account's own root, a clock that moves, life-cycle rules.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from django.core.management import call_command
from django.utils import timezone

from incidents.models import Incident
from integrations.backups import stores
from integrations.backups.copy.making import MARKS
from integrations.backups.models import BackupRun
from integrations.backups.restore import restoring
from integrations.backups.retention.rules import KEPT
from integrations.backups.services import runs_push

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("some_data", "light"),
]
BUCKET = "copias-fuera"
OBJECTS, REGION = f"arn:aws:s3:::{BUCKET}/*", "us-east-1"
# What docs/runbooks/respaldo.md asks for, and what who restores needs.
WRITER = ["s3:PutObject", "s3:PutObjectRetention", "s3:AbortMultipartUpload"]
READER = ["s3:GetObject", "s3:ListBucket"]


def client(address: str, key: dict[str, str], service: str = "s3") -> Any:
    given = {"aws_access_key_id": key["access_key"], "aws_secret_access_key": key["secret_key"]}
    return boto3.client(service, endpoint_url=address, region_name=REGION, **given)


def key_that_may(address: str, actions: list[str]) -> dict[str, str]:
    """A user's key, made while the store still takes everybody."""
    iam = client(address, {"access_key": "x", "secret_key": "x"}, "iam")
    name = f"usuario-{actions[0].replace(':', '-')}"
    iam.create_user(UserName=name)
    allowed = {"Effect": "Allow", "Action": actions, "Resource": [OBJECTS, f"arn:aws:s3:::{BUCKET}"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=name, PolicyName="copias", PolicyDocument=policy)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return {"access_key": made["AccessKeyId"], "secret_key": made["SecretAccessKey"]}


@pytest.fixture
def site(settings: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the store, which checks rights from here on, and the key of who restores."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.post(f"{address}/moto-api/reset")
    client(address, {"access_key": "x", "secret_key": "x"}).create_bucket(
        Bucket=BUCKET, ObjectLockEnabledForBucket=True
    )
    writer, reader = key_that_may(address, WRITER), key_that_may(address, READER)
    options = {"bucket_name": BUCKET, "endpoint_url": address, "region_name": REGION, "lock": "GOVERNANCE"}
    settings.BACKUP_STORES = {"offsite": {**options, **writer}}
    stores.store.cache_clear()
    httpx.post(f"{address}/moto-api/reset-auth", content="0")
    try:
        yield address, reader
    finally:
        httpx.post(f"{address}/moto-api/reset-auth", content="inf")
        server.stop()
        stores.store.cache_clear()


def backup(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("backup", *arguments, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def keys_of(address: str, reader: dict[str, str]) -> list[str]:
    listed = client(address, reader).list_objects_v2(Bucket=BUCKET)
    return [item["Key"] for item in listed.get("Contents", [])]


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(Bucket=BUCKET, **arguments)
    return str(raised.value.response["Error"]["Code"])


def test_the_programs_key_can_add_copies_and_nothing_else(
    folder: Path, site: tuple[str, dict[str, str]], settings: Any
) -> None:
    address, reader = site
    told = backup("run", "--tier", "daily")
    [key, *_more] = keys_of(address, reader)
    assert key.startswith(f"respaldos/{told['id']}/")
    own = client(address, settings.BACKUP_STORES["offsite"])
    assert refused(own.get_object, Key=key) == refused(own.delete_object, Key=key) == "AccessDenied"
    assert refused(own.list_objects_v2) == "AccessDenied"
    assert stores.remove_copy("offsite", told["id"]) is False


def test_each_tier_lands_there_locked_for_as_long_as_it_is_kept(folder: Path, site: tuple[str, dict[str, str]]) -> None:
    address, reader = site
    for tier in ("daily", "weekly", "monthly"):
        told = backup("run", "--tier", tier)
        assert (told["verificado"], BackupRun.objects.get(copy_id=told["id"]).stores) == (True, {"offsite": "ok"})
        names = sorted(key.rpartition("/")[2] for key in keys_of(address, reader) if told["id"] in key)
        assert names == sorted(path.name for path in Path(told["ruta"]).iterdir() if path.name != MARKS)  # those stay
        head = client(address, reader).head_object(Bucket=BUCKET, Key=f"respaldos/{told['id']}/manifest.json")
        left = head["ObjectLockRetainUntilDate"] - datetime.now(UTC)
        assert KEPT[tier] - timedelta(minutes=10) < left <= KEPT[tier]


def test_what_expires_goes_here_and_stays_there_and_the_last_one_stays_here_too(
    folder: Path, site: tuple[str, dict[str, str]]
) -> None:
    address, reader = site
    old, last = backup("run", "--tier", "daily"), backup("run", "--tier", "daily")
    long_ago = timezone.now() - timedelta(days=400)
    BackupRun.objects.filter(copy_id=old["id"]).update(taken_at=long_ago, verified_at=long_ago)
    BackupRun.objects.filter(copy_id=last["id"]).update(taken_at=long_ago + timedelta(days=60))
    call_command("backup", "prune", stdout=StringIO())
    assert [path.name for path in folder.iterdir() if path.is_dir() and path.name.endswith("daily")] == [last["id"]]
    assert {key.split("/")[1] for key in keys_of(address, reader)} == {old["id"], last["id"]}
    call_command("backup", "verify", last["id"], stdout=StringIO())


def test_a_locked_version_is_kept_from_who_may_delete(folder: Path, site: tuple[str, dict[str, str]]) -> None:
    address, _reader = site
    told = backup("run", "--tier", "daily")
    httpx.post(f"{address}/moto-api/reset-auth", content="inf")
    everything = client(address, {"access_key": "x", "secret_key": "x"})
    [version] = everything.list_object_versions(Bucket=BUCKET, Prefix=f"respaldos/{told['id']}/manifest")["Versions"]
    code = refused(everything.delete_object, Key=version["Key"], VersionId=version["VersionId"])
    assert code == "AccessDenied"


def test_a_lost_folder_comes_back_from_there_with_the_readers_key(
    folder: Path, site: tuple[str, dict[str, str]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _address, reader = site
    monkeypatch.setattr(restoring, "run_after_restore", lambda: None)
    backup("run", "--tier", "daily")
    shutil.rmtree(folder)
    Incident.objects.all().update(title="Perdido")
    settings.BACKUP_STORES["offsite"] |= reader
    stores.store.cache_clear()
    call_command("restore", "--from", f"s3://{BUCKET}", "--yes", "--replace")
    assert not Incident.objects.filter(title="Perdido").exists()
    assert runs_push() == 0
