#!/bin/sh
# Run once by PostgreSQL's image: the site's own role, which owns nothing.
set -e
psql -v ON_ERROR_STOP=1 -v password="$SITE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE nextgen LOGIN PASSWORD :'password';
SQL
