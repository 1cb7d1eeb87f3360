#!/bin/bash
# Run once by the postgres image on an empty volume, after roles.sql; by hand to change a password (operations.md).
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set app="$COPA_APP_PASSWORD" --set owner="$COPA_OWNER_PASSWORD" --set backup="$COPA_BACKUP_PASSWORD" <<'SQL'
alter role copa_app password :'app';
alter role copa_owner password :'owner';
alter role copa_backup password :'backup';
SQL
