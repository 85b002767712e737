"""Seals: batches, membership, keys of people; and the transaction number of every new entry.

Entries of before keep no number, so that the table isn't rewritten: the first batches take them all.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


FORWARD = """
ALTER TABLE audit_auditentry ADD COLUMN xid xid8;
ALTER TABLE audit_auditentry ALTER COLUMN xid SET DEFAULT pg_current_xact_id();
CREATE FUNCTION audit_key_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.secret IS NOT NULL AND NEW.secret IS NULL AND NEW.destroyed_at IS NOT NULL
       AND (NEW.id, NEW.user_id, NEW.made_at) = (OLD.id, OLD.user_id, OLD.made_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a key of the audit trail can only be destroyed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_key_destroy BEFORE UPDATE OR DELETE ON audit_personkey
  FOR EACH ROW EXECUTE FUNCTION audit_key_refuse();
CREATE TRIGGER audit_key_no_truncate BEFORE TRUNCATE ON audit_personkey
  FOR EACH STATEMENT EXECUTE FUNCTION audit_key_refuse();
CREATE TRIGGER audit_batch_append_only BEFORE UPDATE OR DELETE ON audit_sealbatch
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_batch_no_truncate BEFORE TRUNCATE ON audit_sealbatch
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_member_append_only BEFORE UPDATE OR DELETE ON audit_sealedentry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_member_no_truncate BEFORE TRUNCATE ON audit_sealedentry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_member_no_truncate ON audit_sealedentry;
DROP TRIGGER audit_member_append_only ON audit_sealedentry;
DROP TRIGGER audit_batch_no_truncate ON audit_sealbatch;
DROP TRIGGER audit_batch_append_only ON audit_sealbatch;
DROP TRIGGER audit_key_no_truncate ON audit_personkey;
DROP TRIGGER audit_key_destroy ON audit_personkey;
DROP FUNCTION audit_key_refuse();
ALTER TABLE audit_auditentry DROP COLUMN xid;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealBatch',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('count', models.PositiveIntegerField(verbose_name='entries')),
                ('root', models.BinaryField(max_length=32)),
                ('previous_head', models.BinaryField(max_length=32, unique=True)),
                ('head', models.BinaryField(max_length=32, unique=True)),
                ('watermark', models.BigIntegerField(help_text='Transactions below it are sealed; empty while entries of before are being sealed.', null=True)),
                ('system', models.CharField(help_text='The database cluster whose transactions are counted.', max_length=24)),
                ('key', models.CharField(help_text='Public key (Ed25519) of the signature.', max_length=44)),
                ('signature', models.BinaryField(max_length=64)),
                ('sealed_at', models.DateTimeField(verbose_name='sealed')),
            ],
            options={
                'verbose_name': 'sealed batch',
                'verbose_name_plural': 'sealed batches',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField(verbose_name='person')),
                ('secret', models.BinaryField(max_length=32, null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
                ('destroyed_at', models.DateTimeField(null=True, verbose_name='destroyed')),
            ],
            options={
                'verbose_name': 'audit key of a person',
                'verbose_name_plural': 'audit keys of people',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('destroyed_at', None)), fields=('user_id',), name='audit_one_living_key'), models.CheckConstraint(condition=models.Q(('secret', None), ('destroyed_at', None), _connector='XOR'), name='audit_key_or_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='SealedEntry',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='entry')),
                ('ordinal', models.PositiveIntegerField()),
                ('leaf', models.BinaryField(max_length=32)),
                ('tag', models.BinaryField(max_length=16)),
                ('actor_hmac', models.BinaryField(max_length=32, null=True)),
                ('subject_hmac', models.BinaryField(max_length=32, null=True)),
                ('actor_key', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.personkey')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='audit.sealbatch')),
                ('subject_key', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.personkey')),
            ],
            options={
                'verbose_name': 'sealed entry',
                'verbose_name_plural': 'sealed entries',
                'ordering': ['batch_id', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'ordinal'), name='audit_place_in_batch')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
