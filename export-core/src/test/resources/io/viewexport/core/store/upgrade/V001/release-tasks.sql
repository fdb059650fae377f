-- A stage of a job opens.
WITH released AS (
  UPDATE viewexport.task SET state = 'READY', due_at = now()
  WHERE job_id = :job AND type = :type AND state = 'WAITING'
)
UPDATE viewexport.job SET stage = :type WHERE id = :job
