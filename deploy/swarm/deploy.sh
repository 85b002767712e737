#!/bin/bash
# Deploys the stack, the first time and each time that something changed: deploy/swarm/deploy.sh [VALUES], a file like
# env.example; left out: .env beside this script. On a manager of the swarm.
#
# Swarm never changes a config or a secret. A config's name therefore carries the digest of its files, and of a secret
# the newest counts: tls_cert_3 before tls_cert_2 before tls_cert. The old ones stay for `docker service rollback`.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
stack=$here/docker-compose.ha.yml
values=$(realpath -m "${1:-$here/.env}")
[ -r "$values" ] || { echo "falta $values: copie deploy/swarm/env.example y escriba sus valores" >&2; exit 2; }
set -a
# shellcheck source=/dev/null
. "$values"
set +a

digest() { find "$here/../$1" -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-12; }
NGINX_CONFIGS=$(digest nginx)
PROMETHEUS_CONFIGS=$(digest prometheus)
GRAFANA_CONFIGS=$(digest grafana)
export NGINX_CONFIGS PROMETHEUS_CONFIGS GRAFANA_CONFIGS

made=$(docker secret ls --format '{{.Name}}' | sort -V)
names='version: "3.9"'$'\nsecrets:'
missing=()
while read -r secret; do
    newest=$(grep -xE "$secret(_[0-9]+)?" <<<"$made" | tail -1) || missing+=("$secret")
    names+=$'\n'"  $secret: {external: true, name: $newest}"
done < <(sed -n '/^secrets:/,$s/^  \([a-z0-9_]*\):.*/\1/p' "$stack")
[ ${#missing[@]} -eq 0 ] || { echo "faltan secretos en Swarm: ${missing[*]}" >&2; exit 2; }
docker stack deploy --with-registry-auth --compose-file "$stack" --compose-file <(echo "$names") prs
