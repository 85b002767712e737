-- Roles apart: who owns the schema, who works with it, who reads, who copies. Run once as superuser, in the
-- application's database; passwords come as psql variables or parameters (:'owner', :'app', :'readonly', :'backup').
-- The replicator and the rewinder belong to Patroni.
CREATE ROLE prs_owner LOGIN PASSWORD :'owner';
CREATE ROLE prs_app LOGIN PASSWORD :'app';
CREATE ROLE prs_readonly LOGIN PASSWORD :'readonly';
CREATE ROLE prs_backup LOGIN REPLICATION PASSWORD :'backup';

-- The owner makes and changes tables (migrations, with DATABASE_OWNER_URL) and grants prs_app what it needs of each: of
-- the audit trail reading and adding only.
ALTER DATABASE prs OWNER TO prs_owner;
-- `manage.py restore` fetches the last of the WAL, builds a new database as the owner and sends out who is in the old one.
ALTER ROLE prs_owner CREATEDB REPLICATION;
GRANT pg_signal_backend TO prs_owner;
ALTER SCHEMA public OWNER TO prs_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE prs FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE prs TO prs_app;
GRANT CONNECT ON DATABASE prs TO prs_readonly, prs_backup;
GRANT USAGE ON SCHEMA public TO prs_app, prs_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE prs_owner IN SCHEMA public GRANT SELECT ON TABLES TO prs_readonly;
GRANT pg_read_all_data TO prs_backup;
GRANT pg_monitor TO prs_readonly;

-- A migration never waits longer than this for a lock: what waits behind it would wait too.
ALTER ROLE prs_owner SET lock_timeout = '2s';
ALTER ROLE prs_readonly SET default_transaction_read_only = on;
ALTER ROLE prs_app SET idle_in_transaction_session_timeout = '60s';
