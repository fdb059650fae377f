-- Makes a snapshot the newest of a job whose row is locked, unless another is held or none is wanted.
WITH wanted AS (
  UPDATE viewexport.job j
  SET snapshot_generation = snapshot_generation + 1
  WHERE j.id = :job AND j.snapshot_mode = 'SHARED' AND j.state = 'IN_PROGRESS' AND j.stop = 'NONE'
    AND j.stage = 'CHUNK' AND j.left_chunk > 0
    AND NOT EXISTS (
      SELECT FROM viewexport.snapshot s
      WHERE s.job_id = :job AND s.lease_until > clock_timestamp())
  RETURNING j.id, j.snapshot_generation
), opened AS (
  INSERT INTO viewexport.snapshot (job_id, name, worker, lease_until, opened_at, next_sinces)
  SELECT id, :name, :worker, clock_timestamp() + :leaseMillis * interval '1 millisecond',
    clock_timestamp(), CAST(:nextSinceJson AS json)
  FROM wanted
  ON CONFLICT (job_id) DO UPDATE SET name = excluded.name, worker = excluded.worker,
    lease_until = excluded.lease_until, opened_at = excluded.opened_at,
    next_sinces = excluded.next_sinces
)
SELECT snapshot_generation FROM wanted
