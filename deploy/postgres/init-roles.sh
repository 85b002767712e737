#!/bin/bash
# First start of the `postgres` container: the roles of roles.sql, and the right to replicate for the one that copies.
set -euo pipefail
secret() { cat "${PRS_SECRETS_DIR:-/run/secrets}/$1"; }
psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -v owner="$(secret pg_owner)" -v app="$(secret pg_app)" -v readonly="$(secret pg_readonly)" \
    -v backup="$(secret pg_backup)" -f "${PRS_ROLES:-/etc/prs/roles.sql}"
echo "host replication prs_backup all scram-sha-256" >>"$PGDATA/pg_hba.conf"
echo "host replication prs_owner all scram-sha-256" >>"$PGDATA/pg_hba.conf"
psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "SELECT pg_reload_conf()" >/dev/null
