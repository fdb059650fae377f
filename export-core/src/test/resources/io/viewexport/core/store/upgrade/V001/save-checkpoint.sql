-- Keeps a text for the next attempt, if this lease holds the task.
UPDATE viewexport.task
SET checkpoint = :checkpoint
WHERE job_id = :job AND type = :type AND view = :view AND chunk = :chunk
  AND token = :token AND worker = :worker AND state = 'LEASED'
