"""The functions of the owner look at no other schema than their own, not even at temporary tables first, and are not
everybody's to call."""

from django.db import migrations

FORWARD = """
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_retire(bigint, timestamptz)', 'audit_erase(bigint)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
END $$;
"""

BACKWARD = """
GRANT EXECUTE ON FUNCTION audit_retire(bigint, timestamptz) TO PUBLIC;
GRANT EXECUTE ON FUNCTION audit_erase(bigint) TO PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_retirement")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
