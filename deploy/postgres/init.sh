#!/bin/bash
# Run once, by the PostgreSQL image, on an empty data folder: one database and one role per service.
# A role may enter its own database and no other.
set -euo pipefail

for service in ingest indicators finance risk publisher; do
  variable="${service^^}_DB_PASSWORD"
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set "service=$service" --set "password=${!variable:?}" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
