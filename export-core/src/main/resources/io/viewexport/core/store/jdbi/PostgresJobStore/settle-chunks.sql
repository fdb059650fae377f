-- Ends chunks of one job that are done, where more than these are open and the job runs, so that
-- no gate can open. The job's row is locked first, as everywhere, then the tasks in the order in
-- which renewals lock them. Gives the places in the list of
-- those that were held.
WITH job AS MATERIALIZED (
  SELECT id FROM viewexport.job
  WHERE id = :job AND state = 'IN_PROGRESS' AND stop = 'NONE'
    AND left_chunk > cardinality(CAST(:chunks AS int[]))
  FOR NO KEY UPDATE
), asked AS MATERIALIZED (
  SELECT job.id AS job_id, a.*
  FROM job CROSS JOIN unnest(
    CAST(:views AS int[]), CAST(:chunks AS int[]), CAST(:tokens AS int[]),
    CAST(:workers AS text[]), CAST(:receipts AS text[]), CAST(:rows AS bigint[]),
    CAST(:bytes AS bigint[]))
    WITH ORDINALITY AS a (view, chunk, token, worker, receipt, row_count, byte_count, number)
  ORDER BY a.view, a.chunk
), settled AS (
  UPDATE viewexport.task t
  SET state = 'DONE', receipt = a.receipt, row_count = a.row_count, byte_count = a.byte_count
  FROM asked a
  WHERE t.job_id = a.job_id AND t.type = 'CHUNK' AND t.view = a.view AND t.chunk = a.chunk
    AND t.token = a.token AND t.worker = a.worker AND t.state = 'LEASED'
    AND a.number + 0 = a.number
  RETURNING a.number
), counted AS (
  UPDATE viewexport.job j
  SET left_chunk = left_chunk - s.chunks
  FROM (SELECT count(*) AS chunks FROM settled) s
  WHERE j.id = :job AND s.chunks > 0
)
SELECT number FROM settled
