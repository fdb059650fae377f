-- Whether this lease was the task's last, and is over.
SELECT EXISTS (
  SELECT FROM viewexport.task
  WHERE job_id = :job AND type = :type AND view = :view AND chunk = :chunk
    AND token = :token AND worker = :worker AND state <> 'LEASED')
