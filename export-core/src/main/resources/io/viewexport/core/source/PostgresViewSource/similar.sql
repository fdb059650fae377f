-- SPDX-License-Identifier: Apache-2.0
-- Relations whose name differs in case alone, and whether the schema exists. 1: schema, 2: schema,
-- 3: name.
SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace s WHERE s.nspname = ?) AS schema_exists,
       r.nspname,
       r.relname
  FROM (SELECT 1) one
  LEFT JOIN (SELECT n.nspname, c.relname
               FROM pg_catalog.pg_class c
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE pg_catalog.lower(n.nspname) = pg_catalog.lower(?)
                AND pg_catalog.lower(c.relname) = pg_catalog.lower(?)
                AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              ORDER BY n.nspname, c.relname
              LIMIT 1) r ON true
