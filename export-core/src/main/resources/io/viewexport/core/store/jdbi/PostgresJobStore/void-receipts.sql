-- Has the chunks of a job that are done be done once more, under its new snapshot.
WITH voided AS (
  UPDATE viewexport.task
  SET state = 'READY', due_at = now(), receipt = NULL, row_count = 0, byte_count = 0,
      next_since = NULL, next_since_withheld = NULL
  WHERE job_id = :job AND type = 'CHUNK' AND state = 'DONE'
  RETURNING job_id
)
UPDATE viewexport.job j
SET left_chunk = j.left_chunk + v.chunks
FROM (SELECT count(*) AS chunks FROM voided) v
WHERE j.id = :job
