#!/bin/bash
# The secrets of deploy/compose.yml, each a file: deploy/make-secrets.sh FOLDER NAME. What is there already is kept, so
# it may be run again. TLS: a self-signed certificate for NAME until the site's own takes its place.
set -euo pipefail
[ $# -eq 2 ] || { echo "uso: $0 CARPETA NOMBRE_DEL_SITIO" >&2; exit 2; }
folder=$1 name=$2
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

put() { # put NAME: standard input, unless it is there
    if [ -e "$folder/$1" ]; then cat >/dev/null; else cat >"$folder/$1.nuevo" && mv "$folder/$1.nuevo" "$folder/$1"; fi
    # Containers read it with accounts of their own; the folder keeps everybody else out.
    chmod 444 "$folder/$1"
}
got() { cat "$folder/$1"; }

for word in secret_key pg_superuser pg_owner pg_app pg_readonly pg_backup redis_password; do
    openssl rand -hex 32 | put "$word"
done
openssl rand -base64 32 | put audit_key
# Numbered: a second one beside it is how they are changed (docs/runbooks/rotacion-de-claves.md).
echo "2:$(openssl rand -hex 32)" | put api_key_peppers
echo "postgresql://prs_app:$(got pg_app)@postgres:5432/prs" | put database_url
echo "postgresql://prs_owner:$(got pg_owner)@postgres:5432/prs" | put database_owner_url
echo "postgresql://prs_backup:$(got pg_backup)@postgres:5432/prs" | put backup_database_url
echo "redis://:$(got redis_password)@redis:6379/0" | put redis_url
printf 'requirepass %s\nsave ""\nappendonly no\nmaxmemory 384mb\nmaxmemory-policy volatile-lru\nprotected-mode no\n' \
    "$(got redis_password)" | put redis_conf
# Empty: not in use. Fill them in by hand.
for word in email_url ldap_bind_password; do put "$word" </dev/null; done
if [ ! -e "$folder/tls_cert" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name" -keyout "$folder/tls_key" -out "$folder/tls_cert" 2>/dev/null
    chmod 444 "$folder/tls_key" "$folder/tls_cert"
fi
echo "Secretos en $folder: guardar una copia de secret_key, audit_key y api_key_peppers fuera de esta máquina."
