-- The usual step, alone in its transaction: one of several open chunks of a job that runs is done,
-- so that no gate can open. The job's row is locked first, as everywhere.
WITH job AS MATERIALIZED (
  SELECT id FROM viewexport.job
  WHERE id = :job AND state = 'IN_PROGRESS' AND stop = 'NONE' AND left_chunk > 1
  FOR NO KEY UPDATE
), settled AS (
  UPDATE viewexport.task t
  SET state = 'DONE', receipt = :receipt, row_count = :rowCount, byte_count = :byteCount
  FROM job
  WHERE t.job_id = job.id AND t.job_id = :job
    AND t.type = 'CHUNK' AND t.view = :view AND t.chunk = :chunk
    AND t.token = :token AND t.worker = :worker AND t.state = 'LEASED'
  RETURNING t.job_id
)
UPDATE viewexport.job j
SET left_chunk = left_chunk - 1
FROM settled s
WHERE j.id = s.job_id
