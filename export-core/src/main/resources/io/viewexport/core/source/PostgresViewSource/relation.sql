-- SPDX-License-Identifier: Apache-2.0
-- The relation of exactly this name. 1: schema, 2: name.
SELECT c.oid AS relation,
       c.relkind,
       c.relispopulated AS populated,
       c.relkind IN ('r', 'm') AND c.relam = 2 AS pages, -- 2: heap
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS schema_usable,
       c.reltuples,
       c.relpages,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) END AS bytes,
       pg_catalog.current_setting('block_size')::pg_catalog.int8 AS block_size
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ?
   AND c.relname = ?
