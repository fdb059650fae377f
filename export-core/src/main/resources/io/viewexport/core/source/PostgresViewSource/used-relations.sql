-- SPDX-License-Identifier: Apache-2.0
-- The relations that a relation reads, itself included, and the files that their rows are in.
-- 1: schema, 2: name.
WITH RECURSIVE used AS (
  SELECT c.oid AS relation
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ?
     AND c.relname = ?
  UNION
  SELECT x.relation
    FROM used u
   CROSS JOIN LATERAL (
          SELECT d.refobjid AS relation
            FROM pg_catalog.pg_rewrite r
            JOIN pg_catalog.pg_depend d
              ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
             AND d.objid = r.oid
             AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
           WHERE r.ev_class = u.relation
             AND r.ev_type = '1'
          UNION ALL
          SELECT i.inhrelid
            FROM pg_catalog.pg_inherits i
           WHERE i.inhparent = u.relation) x
)
SELECT n.nspname, c.relname, c.relkind, pg_catalog.pg_relation_filenode(c.oid)::pg_catalog.int8 AS storage
  FROM used u
  JOIN pg_catalog.pg_class c ON c.oid = u.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY n.nspname, c.relname
