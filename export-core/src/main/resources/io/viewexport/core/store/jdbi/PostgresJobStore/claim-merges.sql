-- Leases due merges of one kind; the caller holds the lock that lets one server at a time do so.
WITH due AS (
  SELECT DISTINCT ON (exclusion_key) job_id, type, view, chunk, due_at
  FROM viewexport.task t
  WHERE kind = :kind AND state = 'READY' AND type = 'FINALIZE' AND due_at <= clock_timestamp()
    AND (token > 0 OR NOT EXISTS (
      SELECT FROM viewexport.task o
      WHERE o.type = 'FINALIZE' AND o.token > 0 AND o.state IN ('READY', 'LEASED')
        AND md5(o.exclusion_key) = md5(t.exclusion_key) AND o.exclusion_key = t.exclusion_key))
  ORDER BY exclusion_key, token DESC, due_at
), picked AS MATERIALIZED (
  SELECT t.job_id, t.type, t.view, t.chunk
  FROM viewexport.task t JOIN due USING (job_id, type, view, chunk)
  WHERE t.state = 'READY' AND t.type = 'FINALIZE'
  ORDER BY due.due_at
  LIMIT :limit
  FOR UPDATE OF t SKIP LOCKED
)
UPDATE viewexport.task t
SET state = 'LEASED', worker = :worker, token = t.token + 1,
    lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
FROM picked p JOIN viewexport.job j ON j.id = p.job_id
WHERE t.job_id = p.job_id AND t.type = p.type AND t.view = p.view AND t.chunk = p.chunk
  AND t.state = 'READY' AND p.chunk + 0 = p.chunk
RETURNING t.job_id, t.type, t.view, t.chunk, t.kind, t.token, t.worker, t.failures,
  t.lost_leases, t.in_doubt, t.checkpoint, t.slice, j.stop, j.state AS job_state, j.snapshot_generation
