-- A task, if this lease holds it.
SELECT type, failures, in_doubt, passes, first_failure
FROM viewexport.task
WHERE job_id = :job AND type = :type AND view = :view AND chunk = :chunk
  AND token = :token AND worker = :worker AND state = 'LEASED'
FOR NO KEY UPDATE
