#!/bin/bash
# Patroni calls it once, on the first server, with the superuser's connection string: the database, and the roles of
# roles.sql with passwords from the secrets.
set -euo pipefail
secret() { cat "${PRS_SECRETS_DIR:-/run/secrets}/$1"; }
options=(-v ON_ERROR_STOP=1 --no-psqlrc -q)
psql "${options[@]}" "$1" -c "CREATE DATABASE prs"
psql "${options[@]}" -v owner="$(secret pg_owner)" -v app="$(secret pg_app)" -v readonly="$(secret pg_readonly)" \
    -v backup="$(secret pg_backup)" -f "$(dirname "$0")/roles.sql" "$1 dbname=prs"
