-- Lets jobs begin that wait for others of their principal to end, the oldest first; the caller holds
-- the lock that lets one server at a time do so. No principal is one, too.
WITH held_back AS (
  SELECT id, principal,
    row_number() OVER (PARTITION BY principal ORDER BY serial) AS place
  FROM viewexport.job
  WHERE NOT admitted AND ended_at IS NULL AND stop = 'NONE' AND serial + 0 = serial
), running AS (
  SELECT principal, count(*) AS jobs
  FROM viewexport.job
  WHERE admitted AND ended_at IS NULL
    AND EXISTS (SELECT FROM held_back h WHERE h.principal IS NOT DISTINCT FROM job.principal)
  GROUP BY principal
), chosen AS MATERIALIZED (
  SELECT h.id, h.place
  FROM held_back h LEFT JOIN running r ON r.principal IS NOT DISTINCT FROM h.principal
  WHERE CAST(:jobsPerPrincipal AS int) IS NULL
    OR h.place + coalesce(r.jobs, 0) <= CAST(:jobsPerPrincipal AS int)
), admitted AS (
  UPDATE viewexport.job j SET admitted = true
  FROM chosen c
  WHERE j.id = c.id AND NOT j.admitted AND j.stop = 'NONE' AND c.place + 0 = c.place
  RETURNING j.id, j.stage
), released AS (
  UPDATE viewexport.task t SET state = 'READY', due_at = now()
  FROM admitted a
  WHERE t.job_id = a.id AND t.type = a.stage AND t.state = 'WAITING'
)
SELECT count(*) FROM admitted
