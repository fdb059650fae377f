-- SPDX-License-Identifier: Apache-2.0
-- The start of the oldest transaction of this database that is not at its end, or of this one; and
-- what may hide others. Processes without a user write no rows of their own.
SELECT pg_catalog.pg_is_in_recovery() AS replica,
       least(pg_catalog.now(), min(a.xact_start)) AS oldest,
       coalesce(bool_or(
         NOT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
         AND NOT pg_catalog.pg_has_role(a.usesysid, 'USAGE')), false) AS hidden,
       coalesce(bool_or(a.state = 'disabled'), false) AS untracked
  FROM pg_catalog.pg_stat_activity a
  JOIN pg_catalog.pg_database d ON d.oid = a.datid
 WHERE d.datname = pg_catalog.current_database()
   AND a.usesysid IS NOT NULL
   AND a.pid <> pg_catalog.pg_backend_pid()
