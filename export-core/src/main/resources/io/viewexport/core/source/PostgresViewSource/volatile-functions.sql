-- SPDX-License-Identifier: Apache-2.0
-- The volatile functions that a view calls, through other views, too; the server's own are not noted as
-- dependencies and are looked for by name. 1: schema, 2: name.
WITH RECURSIVE used AS (
  SELECT c.oid AS relation
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ?
     AND c.relname = ?
  UNION
  SELECT d.refobjid
    FROM used u
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = u.relation AND r.ev_type = '1'
    JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
     AND d.objid = r.oid
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
), called AS (
  SELECT p.proname::text AS name
    FROM used u
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = u.relation AND r.ev_type = '1'
    JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
     AND d.objid = r.oid
     AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid AND p.provolatile = 'v'
  UNION
  SELECT m.found[1]
    FROM used u
    JOIN pg_catalog.pg_class c ON c.oid = u.relation AND c.relkind = 'v'
   CROSS JOIN LATERAL pg_catalog.regexp_matches(
           pg_catalog.pg_get_viewdef(c.oid),
           '\m(random|clock_timestamp|timeofday|nextval|gen_random_uuid|uuidv7)\(', 'g') AS m (found)
)
SELECT pg_catalog.string_agg(name || '()', ', ' ORDER BY name) FROM called
