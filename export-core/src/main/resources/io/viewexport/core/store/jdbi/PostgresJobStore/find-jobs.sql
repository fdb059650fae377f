-- Jobs by id, with the state of their clean-up and their place among those that nobody has begun.
SELECT j.id, j.request, j.state, j.created_at, j.started_at, j.ended_at, j.failure,
  c.state AS cleanup, c.last_failure AS cleanup_failure,
  CASE WHEN j.state = 'ACCEPTED' THEN (
    SELECT count(*) FROM viewexport.job o WHERE o.state = 'ACCEPTED' AND o.serial <= j.serial)
  END AS queue_position
FROM viewexport.job j
LEFT JOIN viewexport.task c
  ON c.job_id = j.id AND c.type = 'CLEANUP' AND c.view = 0 AND c.chunk = 0
WHERE j.id = ANY (:jobs)
ORDER BY j.created_at DESC, j.id DESC
