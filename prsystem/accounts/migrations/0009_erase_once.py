"""An order that is carried out already is no refusal: of two sealers the second has nothing to do.

The function is replaced, so that who may call it stays as it is.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION audit_erase(person bigint) RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  about text := 'usuario:' || person;
  asked audit_auditentry%ROWTYPE;
  erased bigint;
BEGIN
  PERFORM 1 FROM accounts_user WHERE id = person AND NOT is_active AND username = 'borrado-' || person
    AND full_name = '' AND email = '' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the account of this person was not erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO asked FROM audit_auditentry WHERE accion = 'person.erasure_asked' AND recurso = about
    ORDER BY id DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody asked to erase this person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT 1 FROM audit_auditentry WHERE accion = 'person.erased' AND recurso = about AND id > asked.id) THEN
    RETURN 0;  -- another one was first
  END IF;
  IF EXISTS (SELECT 1 FROM audit_auditentry e WHERE (e.usuario_id = person OR e.recurso = about)
             AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id)) THEN
    RAISE EXCEPTION 'some entries of this person are not sealed yet' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE audit_personkey SET secret = NULL, destroyed_at = now() WHERE user_id = person AND destroyed_at IS NULL;
  PERFORM set_config('prs.audit_duty', 'UPDATE' || pg_current_xact_id()::text, true);
  UPDATE audit_auditentry SET actor = '', ip = NULL WHERE usuario_id = person AND (actor <> '' OR ip IS NOT NULL);
  GET DIAGNOSTICS erased = ROW_COUNT;
  UPDATE audit_auditentry SET detalles = '{}', ip = CASE WHEN usuario_id IS NULL THEN NULL ELSE ip END
  WHERE recurso = about AND (detalles <> '{}' OR (usuario_id IS NULL AND ip IS NOT NULL));
  PERFORM set_config('prs.audit_duty', '', true);
  INSERT INTO audit_auditentry (actor_kind, usuario_id, actor, accion, recurso, resultado, detalles, request_id)
  VALUES (asked.actor_kind, asked.usuario_id, CASE WHEN asked.usuario_id = person THEN '' ELSE asked.actor END, 'person.erased', about, 'ok',
          jsonb_build_object('entradas', erased), asked.request_id);
  RETURN erased;
END $$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION audit_erase(bigint) SET search_path = %I, pg_temp', current_schema());
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION audit_erase(person bigint) RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  about text := 'usuario:' || person;
  asked audit_auditentry%ROWTYPE;
  erased bigint;
BEGIN
  PERFORM 1 FROM accounts_user WHERE id = person AND NOT is_active AND username = 'borrado-' || person
    AND full_name = '' AND email = '' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the account of this person was not erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO asked FROM audit_auditentry WHERE accion = 'person.erasure_asked' AND recurso = about
    ORDER BY id DESC LIMIT 1;
  IF NOT FOUND OR EXISTS (SELECT 1 FROM audit_auditentry WHERE accion = 'person.erased' AND recurso = about
                          AND id > asked.id) THEN
    RAISE EXCEPTION 'nobody asked to erase this person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT 1 FROM audit_auditentry e WHERE (e.usuario_id = person OR e.recurso = about)
             AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id)) THEN
    RAISE EXCEPTION 'some entries of this person are not sealed yet' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE audit_personkey SET secret = NULL, destroyed_at = now() WHERE user_id = person AND destroyed_at IS NULL;
  PERFORM set_config('prs.audit_duty', 'UPDATE' || pg_current_xact_id()::text, true);
  UPDATE audit_auditentry SET actor = '', ip = NULL WHERE usuario_id = person AND (actor <> '' OR ip IS NOT NULL);
  GET DIAGNOSTICS erased = ROW_COUNT;
  UPDATE audit_auditentry SET detalles = '{}', ip = CASE WHEN usuario_id IS NULL THEN NULL ELSE ip END
  WHERE recurso = about AND (detalles <> '{}' OR (usuario_id IS NULL AND ip IS NOT NULL));
  PERFORM set_config('prs.audit_duty', '', true);
  INSERT INTO audit_auditentry (actor_kind, usuario_id, actor, accion, recurso, resultado, detalles, request_id)
  VALUES (asked.actor_kind, asked.usuario_id, CASE WHEN asked.usuario_id = person THEN '' ELSE asked.actor END, 'person.erased', about, 'ok',
          jsonb_build_object('entradas', erased), asked.request_id);
  RETURN erased;
END $$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION audit_erase(bigint) SET search_path = %I, pg_temp', current_schema());
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_family_began")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
