-- Leases tasks of one kind and of these jobs whose lease ran out; a merge is in doubt then.
WITH picked AS MATERIALIZED (
  SELECT job_id, type, view, chunk
  FROM viewexport.task
  WHERE kind = :kind AND state = 'LEASED' AND lease_until <= now() AND job_id = ANY (:jobs)
  LIMIT :limit
  FOR UPDATE SKIP LOCKED
)
UPDATE viewexport.task t
SET worker = :worker, token = t.token + 1, row_count = 0, byte_count = 0,
    lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond',
    lost_leases = t.lost_leases + 1, in_doubt = t.in_doubt OR t.type = 'FINALIZE'
FROM picked p JOIN viewexport.job j ON j.id = p.job_id
WHERE t.job_id = p.job_id AND t.type = p.type AND t.view = p.view AND t.chunk = p.chunk
  AND t.state = 'LEASED' AND p.chunk + 0 = p.chunk
RETURNING t.job_id, t.type, t.view, t.chunk, t.kind, t.token, t.worker, t.failures,
  t.lost_leases, t.in_doubt, t.checkpoint, t.slice, j.stop, j.state AS job_state, j.snapshot_generation
