-- SPDX-License-Identifier: Apache-2.0
-- The columns of a relation in their order, domains resolved to the type they rest on. 1 and 2: its oid.
WITH RECURSIVE resolved AS (
  SELECT a.attnum, a.atttypid AS typid, a.atttypmod AS typmod
    FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = ?::pg_catalog.oid
     AND a.attnum > 0
     AND NOT a.attisdropped
  UNION ALL
  SELECT r.attnum, t.typbasetype, t.typtypmod
    FROM resolved r
    JOIN pg_catalog.pg_type t ON t.oid = r.typid AND t.typtype = 'd'
)
SELECT a.attname AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS source_type,
       t.oid AS base_type,
       r.typmod,
       t.typtype = 'e' AS is_enum,
       t.typcategory = 'A' AND t.typelem <> 0 AS is_array,
       t.typname = 'citext' AND t.typcategory = 'S' AS is_citext,
       coalesce(l.collisdeterministic, true) AS equals_bytes,
       pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable
  FROM pg_catalog.pg_attribute a
  JOIN resolved r ON r.attnum = a.attnum
  JOIN pg_catalog.pg_type t ON t.oid = r.typid AND t.typtype <> 'd'
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
 WHERE a.attrelid = ?::pg_catalog.oid
 ORDER BY a.attnum
