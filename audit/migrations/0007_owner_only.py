"""What removes and blanks entries is the owner's alone, decides by itself and writes its own entry.

Both functions run with the caller's rights: whoever can't change the tables can't use them either, whatever was granted
(a copy restored without its grants gives EXECUTE to everybody). `audit_erase` follows in the app of accounts, which
knows when a person is gone. New entries get their moment and their transaction from the database, and a number that
was handed out: only the owner may say otherwise (a restore, the demo).
"""

from django.db import migrations

FORWARD = """
DROP FUNCTION audit_retire(bigint, timestamptz);
CREATE FUNCTION audit_retire() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  days bigint := (SELECT CASE jsonb_typeof(value) WHEN 'number' THEN value::bigint END
                  FROM runtime_storedsetting WHERE key = 'audit.retention_days');
  start bigint := coalesce((SELECT max(last_batch) FROM audit_retirement), 0) + 1;
  upto bigint := (SELECT max(number) FROM audit_sealbatch);
  removed bigint;
BEGIN
  IF coalesce(days, 0) = 0 THEN
    RETURN 0;  -- for ever
  END IF;
  IF days < 90 THEN
    RAISE EXCEPTION 'audit entries are kept for at least 90 days' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whole batches past their time, without a gap; the newest of all stays.
  upto := least(upto, (SELECT min(number) FROM audit_sealbatch WHERE sealed_at >= now() - make_interval(days => days::int))) - 1;
  IF upto IS NULL OR upto < start THEN
    RETURN 0;
  END IF;
  PERFORM set_config('prs.audit_duty', 'DELETE' || pg_current_xact_id()::text, true);
  DELETE FROM audit_auditentry e USING audit_sealedentry m WHERE m.entry_id = e.id AND m.batch_id BETWEEN start AND upto;
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM audit_sealedentry WHERE batch_id BETWEEN start AND upto;
  PERFORM set_config('prs.audit_duty', '', true);
  INSERT INTO audit_retirement (first_batch, last_batch, entries) VALUES (start, upto, removed);
  INSERT INTO audit_auditentry (actor_kind, actor, accion, recurso, resultado, detalles, request_id)
  VALUES ('system', 'pr-system', 'audit.retired', 'auditoria:registro', 'ok',
          jsonb_build_object('hasta_lote', upto, 'entradas', removed, 'dias', days), '');
  RETURN removed;
END $$;

CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF has_table_privilege(TG_RELID, 'UPDATE') THEN
    RETURN NEW;
  END IF;
  IF NEW.id > pg_sequence_last_value(format('%I.audit_auditentry_id_seq', TG_TABLE_SCHEMA)::regclass) THEN
    RAISE EXCEPTION 'the number of an audit entry is given by the database' USING ERRCODE = 'insufficient_privilege';
  END IF;
  NEW.timestamp := now();
  NEW.xid := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER audit_stamp BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_stamp();

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION audit_retire() SET search_path = %I, pg_temp', current_schema());
  REVOKE EXECUTE ON FUNCTION audit_retire() FROM PUBLIC;
END $$;
"""

BACKWARD = """
DROP TRIGGER audit_stamp ON audit_auditentry;
DROP FUNCTION audit_stamp();
DROP FUNCTION audit_retire();
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
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION audit_retire(bigint, timestamptz) SET search_path = %I, pg_temp', current_schema());
  REVOKE EXECUTE ON FUNCTION audit_retire(bigint, timestamptz) FROM PUBLIC;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_owner_functions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
