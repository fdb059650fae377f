-- Whether a lease was ended by its own worker: nobody has claimed the task since.
SELECT EXISTS (
  SELECT FROM viewexport.task
  WHERE job_id = :job AND type = :type AND view = :view AND chunk = :chunk
    AND token = :token AND worker = :worker AND state <> 'LEASED')
