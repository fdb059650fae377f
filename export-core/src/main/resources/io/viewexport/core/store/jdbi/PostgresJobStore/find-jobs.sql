-- Jobs by id, with the state of their clean-up and their place among those that nobody has begun.
SELECT j.id, j.request, j.state, j.stop, j.created_at, j.started_at, j.ended_at, j.failure,
  j.snapshot_mode,
  c.state AS cleanup, c.last_failure AS cleanup_failure,
  CASE WHEN j.state = 'ACCEPTED' THEN (
    SELECT count(*) FROM viewexport.job o WHERE o.state = 'ACCEPTED' AND o.serial <= j.serial)
  END AS queue_position
FROM unnest(CAST(:jobs AS text[])) AS asked (id)
CROSS JOIN LATERAL (SELECT * FROM viewexport.job WHERE id = asked.id LIMIT 1) j
LEFT JOIN LATERAL (
  SELECT state, last_failure
  FROM viewexport.task
  WHERE job_id = asked.id AND type = 'CLEANUP' AND view = 0 AND chunk = 0
  LIMIT 1
) c ON true
ORDER BY j.created_at DESC, j.id DESC
