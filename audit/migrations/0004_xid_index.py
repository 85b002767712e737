"""The sealer asks for entries by transaction number; the index is built beside running work."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0003_sealing")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_xid ON audit_auditentry (xid, id)",
            "DROP INDEX CONCURRENTLY IF EXISTS audit_xid",
        )
    ]
