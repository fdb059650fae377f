-- Leases due tasks of one kind, those with the smallest number in their job first.
-- The second limit tells the planner what the first, a parameter, can't; see ARCHITECTURE.md
-- section 10 for it and for what is added to a number.
WITH picked AS MATERIALIZED (
  SELECT job_id, type, view, chunk
  FROM (
    SELECT job_id, type, view, chunk
    FROM viewexport.task
    WHERE kind = :kind AND state = 'READY' AND type <> 'FINALIZE' AND due_at <= now()
    ORDER BY ordinal, due_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  ) due
  LIMIT 16
)
UPDATE viewexport.task t
SET state = 'LEASED', worker = :worker, token = t.token + 1, row_count = 0, byte_count = 0,
    lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
FROM picked p JOIN viewexport.job j ON j.id = p.job_id
WHERE t.job_id = p.job_id AND t.type = p.type AND t.view = p.view AND t.chunk = p.chunk
  AND t.state = 'READY' AND p.chunk + 0 = p.chunk
RETURNING t.job_id, t.type, t.view, t.chunk, t.kind, t.token, t.worker, t.failures,
  t.lost_leases, t.in_doubt, t.checkpoint, t.slice, j.stop, j.state AS job_state, j.snapshot_generation
