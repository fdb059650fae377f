-- SPDX-License-Identifier: Apache-2.0
-- Whether a unique index of a table keeps some of these columns unique. 1: schema, 2: table, 3: the
-- columns' names.
SELECT EXISTS (
  SELECT
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ?
     AND c.relname = ?
     AND i.indisunique
     AND i.indisvalid
     AND i.indpred IS NULL
     AND i.indexprs IS NULL
     AND (SELECT array_agg(a.attname::text)
            FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid
             AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) <@ ?::text[])
