"""The two exceptions to append-only, each in a function of the table's owner that leaves its mark: batches that have
passed the retention are retired, and what tells of a person is erased.

A caller needs no right to change the tables; with database roles apart the application has none.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Set by the two functions below, for their own transaction.
  IF TG_OP <> 'TRUNCATE' AND current_setting('prs.audit_duty', true) = TG_OP || pg_current_xact_id()::text THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_retire(upto bigint, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  start bigint := coalesce((SELECT max(last_batch) FROM audit_retirement), 0) + 1;
  removed bigint;
BEGIN
  IF before > now() - interval '30 days' THEN
    RAISE EXCEPTION 'audit entries are kept for at least 30 days' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF upto < start OR EXISTS (SELECT 1 FROM audit_sealbatch WHERE number BETWEEN start AND upto AND sealed_at >= before)
     OR NOT EXISTS (SELECT 1 FROM audit_sealbatch WHERE number > upto) THEN
    RAISE EXCEPTION 'only whole batches past their time are retired' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('prs.audit_duty', 'DELETE' || pg_current_xact_id()::text, true);
  DELETE FROM audit_auditentry e USING audit_sealedentry m WHERE m.entry_id = e.id AND m.batch_id BETWEEN start AND upto;
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM audit_sealedentry WHERE batch_id BETWEEN start AND upto;
  PERFORM set_config('prs.audit_duty', '', true);
  INSERT INTO audit_retirement (first_batch, last_batch, entries) VALUES (start, upto, removed);
  RETURN removed;
END $$;

CREATE FUNCTION audit_erase(person bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  erased bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM audit_auditentry e WHERE (e.usuario_id = person OR e.recurso = 'usuario:' || person)
             AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id)) THEN
    RAISE EXCEPTION 'some entries of this person are not sealed yet' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE audit_personkey SET secret = NULL, destroyed_at = now() WHERE user_id = person AND destroyed_at IS NULL;
  PERFORM set_config('prs.audit_duty', 'UPDATE' || pg_current_xact_id()::text, true);
  UPDATE audit_auditentry SET actor = '', ip = NULL WHERE usuario_id = person AND (actor <> '' OR ip IS NOT NULL);
  GET DIAGNOSTICS erased = ROW_COUNT;
  UPDATE audit_auditentry SET detalles = '{}', ip = CASE WHEN usuario_id IS NULL THEN NULL ELSE ip END
  WHERE recurso = 'usuario:' || person AND (detalles <> '{}' OR (usuario_id IS NULL AND ip IS NOT NULL));
  PERFORM set_config('prs.audit_duty', '', true);
  RETURN erased;
END $$;

CREATE TRIGGER audit_retirement_append_only BEFORE UPDATE OR DELETE ON audit_retirement
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_retirement_no_truncate BEFORE TRUNCATE ON audit_retirement
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_retirement_no_truncate ON audit_retirement;
DROP TRIGGER audit_retirement_append_only ON audit_retirement;
DROP FUNCTION audit_erase(bigint);
DROP FUNCTION audit_retire(bigint, timestamptz);
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_xid_index")]
    operations = [
        migrations.CreateModel(
            name="Retirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_batch", models.BigIntegerField(unique=True, verbose_name="first batch")),
                ("last_batch", models.BigIntegerField(unique=True, verbose_name="last batch")),
                ("entries", models.BigIntegerField(verbose_name="entries")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when")),
            ],
            options={
                "verbose_name": "retired batches",
                "verbose_name_plural": "retired batches",
                "ordering": ["id"],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
