#!/bin/bash
# The secrets of a deployment, each a file: deploy/make-secrets.sh FOLDER NAME [swarm]. What is there already is kept, so
# it may be run again. Without a third word those of deploy/compose.yml, with `swarm` those of the stack, which Docker
# keeps (docs/runbooks/instalar-ha.md). TLS: a self-signed certificate for NAME until the site's own takes its place.
set -euo pipefail
[ $# -eq 2 ] || [ "${3:-}" = swarm ] || { echo "uso: $0 CARPETA NOMBRE_DEL_SITIO [swarm]" >&2; exit 2; }
folder=$1 name=$2 topology=${3:-}
here=$(dirname "$0")
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

put() { # put NAME: standard input, unless it is there
    if [ -e "$folder/$1" ]; then cat >/dev/null; else cat >"$folder/$1.nuevo" && mv "$folder/$1.nuevo" "$folder/$1"; fi
    # Containers read it with accounts of their own; the folder keeps everybody else out.
    chmod 444 "$folder/$1"
}
got() { cat "$folder/$1"; }
database() { # database ROLE [PREFERENCE]: its address
    local servers=postgres:5432/prs
    [ -z "$topology" ] || servers="postgres1:5432,postgres2:5432/prs?target_session_attrs=${2:-read-write}"
    echo "postgresql://prs_$1:$(got "pg_$1")@$servers"
}

for word in secret_key pg_superuser pg_owner pg_app pg_readonly pg_backup redis_password; do
    openssl rand -hex 32 | put "$word"
done
openssl rand -base64 32 | put audit_key
# Numbered: a second one beside it is how they are changed (docs/runbooks/rotacion-de-claves.md).
echo "2:$(openssl rand -hex 32)" | put api_key_peppers
database app | put database_url
database owner | put database_owner_url
database backup | put backup_database_url
echo "redis://:$(got redis_password)@redis:6379/0" | put redis_url
printf 'requirepass %s\nsave ""\nappendonly no\nmaxmemory 384mb\nmaxmemory-policy volatile-lru\nprotected-mode no\n' \
    "$(got redis_password)" | put redis_conf
# Empty: not in use. Fill them in by hand. (Docker takes no secret without a byte.)
for word in secret_key_fallbacks email_url imap_url ldap_bind_password ldap_ca backup_identity \
    s3_offsite_access_key_id s3_offsite_secret_access_key; do
    echo | put "$word"
done
if [ "$topology" = swarm ]; then
    for word in pg_replicator pg_rewinder pg_patroni s3_access_key_id s3_secret_access_key grafana_admin; do
        openssl rand -hex 20 | put "$word"
    done
    database app prefer-standby | put database_replica_url
    printf '{"identities":[{"name":"prs","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":["Admin"]}]}\n' \
        "$(got s3_access_key_id)" "$(got s3_secret_access_key)" | put s3_config
    put alertmanager_yml <"$here/prometheus/alertmanager.yml"
fi
if [ ! -e "$folder/tls_cert" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name" -keyout "$folder/tls_key" -out "$folder/tls_cert" 2>/dev/null
    chmod 444 "$folder/tls_key" "$folder/tls_cert"
fi
echo "Secretos en $folder: guardar una copia de secret_key, audit_key y api_key_peppers fuera de esta máquina."
