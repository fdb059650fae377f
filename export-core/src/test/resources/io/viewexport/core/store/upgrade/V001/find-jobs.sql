-- Jobs by id, with the state of their clean-up.
SELECT j.id, j.request, j.state, j.created_at, j.started_at, j.ended_at, j.failure,
  c.state AS cleanup, c.last_failure AS cleanup_failure
FROM viewexport.job j
LEFT JOIN viewexport.task c
  ON c.job_id = j.id AND c.type = 'CLEANUP' AND c.view = 0 AND c.chunk = 0
WHERE j.id = ANY (:jobs)
ORDER BY j.serial DESC
