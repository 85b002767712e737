#!/bin/sh
# What the container of nginx runs: writes the names of the site, as ALLOWED_HOSTS gives them to the application, where
# the configuration reads them, and becomes nginx. With the word `names` it only writes.
set -euf
folder=${PRS_EDGE:-/etc/prs}
for name in $(echo "${ALLOWED_HOSTS:?}" | tr ',A-Z' '\na-z' | sort -u); do
    if [ "$name" = '*' ]; then echo '"~." 1;'; else echo "\"$name\" 1;"; fi
done >"$folder/run/names.conf"
[ "${1:-}" = names ] || exec nginx -p "$folder" -c "$folder/nginx-enterprise.conf" -g 'daemon off;'
