"""Fingerprints of repeated writes get a key: until now they were a fast hash of bodies, of those with passwords too.

What the version before writes meanwhile is gone after the seven days that it is kept.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.crypto import salted_hmac

AT_ONCE = 1000


def key_them(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    records = apps.get_model("core", "IdempotencyRecord").objects
    last = 0
    while rows := list(records.filter(pk__gt=last).order_by("pk").only("fingerprint")[:AT_ONCE]):
        for row in rows:
            row.fingerprint = salted_hmac("core.idempotency", row.fingerprint, algorithm="sha256").hexdigest()
        records.bulk_update(rows, ["fingerprint"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("core", "0008_job_turns")]
    operations = [migrations.RunPython(key_them, migrations.RunPython.noop)]
