-- Ends chunks that are done, of jobs that run and where more than these are open, so that no gate can
-- open. The jobs' rows are locked first, as everywhere, in the order of their ids, then the tasks in
-- the order in which renewals lock them. Gives the places in the list of those that were held.
WITH asked AS MATERIALIZED (
  SELECT a.*
  FROM unnest(
    CAST(:jobs AS text[]), CAST(:views AS int[]), CAST(:chunks AS int[]), CAST(:tokens AS int[]),
    CAST(:workers AS text[]), CAST(:receipts AS text[]), CAST(:rows AS bigint[]),
    CAST(:bytes AS bigint[]), CAST(:generations AS int[]), CAST(:nextSinces AS text[]),
    CAST(:withheld AS text[]))
    WITH ORDINALITY AS a (job_id, view, chunk, token, worker, receipt, row_count, byte_count, generation,
      next_since, withheld, number)
), wanted AS MATERIALIZED (
  SELECT job_id, count(*) AS chunks FROM asked GROUP BY job_id ORDER BY job_id
), job AS MATERIALIZED (
  SELECT j.id
  FROM wanted w JOIN viewexport.job j ON j.id = w.job_id
  WHERE j.state = 'IN_PROGRESS' AND j.stop = 'NONE' AND j.left_chunk > w.chunks
    AND w.chunks + 0 = w.chunks
  ORDER BY j.id
  FOR NO KEY UPDATE OF j
), held AS MATERIALIZED (
  SELECT a.*
  FROM asked a JOIN job ON job.id = a.job_id
  ORDER BY a.job_id, a.view, a.chunk
), settled AS (
  UPDATE viewexport.task t
  SET state = 'DONE', receipt = a.receipt, row_count = a.row_count, byte_count = a.byte_count,
      snapshot_generation = a.generation, next_since = CAST(a.next_since AS timestamptz),
      next_since_withheld = CAST(a.withheld AS json)
  FROM held a
  WHERE t.job_id = a.job_id AND t.type = 'CHUNK' AND t.view = a.view AND t.chunk = a.chunk
    AND t.token = a.token AND t.worker = a.worker AND t.state = 'LEASED'
    AND a.number + 0 = a.number
  RETURNING t.job_id, a.number
), counted AS (
  UPDATE viewexport.job j
  SET left_chunk = left_chunk - s.chunks
  FROM (SELECT job_id, count(*) AS chunks FROM settled GROUP BY job_id) s
  WHERE j.id = s.job_id AND s.chunks + 0 = s.chunks
)
SELECT number FROM settled
