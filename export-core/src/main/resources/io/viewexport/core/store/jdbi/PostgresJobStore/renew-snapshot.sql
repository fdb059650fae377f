-- Prolongs the holding of a snapshot that is still wanted; gives for how many ms it has been held.
UPDATE viewexport.snapshot s
SET lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
FROM viewexport.job j
WHERE s.job_id = :job AND s.worker = :worker AND s.lease_until > '-infinity' AND j.id = :job
  AND j.snapshot_generation = :generation AND j.snapshot_mode = 'SHARED'
  AND j.state = 'IN_PROGRESS' AND j.stop = 'NONE' AND j.stage = 'CHUNK' AND j.left_chunk > 0
RETURNING 1000 * extract(epoch FROM clock_timestamp() - s.opened_at)
