#!/bin/bash
# The whole site is lost: a bare machine, an off-site copy and the escrow key become a running service, with the time.
#
#   PRS_DATA_DIR=/srv/pr-system deploy/restore-site.sh FOLDER|s3://BUCKET KEY_FILE [--check]
#
# From a store, its S3_OFFSITE_… variables must be set, with credentials that may read. The service stays in the
# foreground; with --check it is stopped once it has answered.
set -Eeuo pipefail
cd "$(dirname "$0")/.."
source_of_copies=${1:?folder or s3:// address of the copies}
key=${2:?file with the age identity}
check=${3:-}
port=${PORT:-8000}
began=$SECONDS

step() { printf '%4d s  %s\n' $((SECONDS - began)) "$1"; }

step "Preparar el entorno"
[ -x .venv/bin/python ] || make -s venv
step "Restaurar"
# 3: all is back but some stored files, which the command has named; anything else ends here.
.venv/bin/python manage.py restore --from "$source_of_copies" --identity "$key" --at latest --yes || [ $? = 3 ]
step "Comprobar la auditoría"
.venv/bin/python manage.py audit_verify
step "Arrancar"
.venv/bin/python -m prsystem.runner &
service=$!
trap 'kill -INT "$service" 2>/dev/null || true; wait "$service" || true' EXIT
until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/api/health/ready")" = 200 ]; do
  kill -0 "$service"
  sleep 0.5
done
step "En servicio en http://127.0.0.1:$port (tiempo de recuperación: $((SECONDS - began)) s)"
echo "Los webhooks quedan retenidos: .venv/bin/python manage.py restore --release"
[ "$check" = --check ] || wait "$service"
