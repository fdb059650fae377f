-- Prolongs leases that are still held, in the order of their keys so that two renewals can't deadlock.
WITH asked AS (
  SELECT *
  FROM unnest(
    CAST(:jobs AS text[]), CAST(:types AS text[]), CAST(:views AS int[]), CAST(:chunks AS int[]),
    CAST(:tokens AS int[]), CAST(:workers AS text[]), CAST(:rows AS bigint[]),
    CAST(:bytes AS bigint[]))
    WITH ORDINALITY AS a (job_id, type, view, chunk, token, worker, row_count, byte_count, number)
), held AS MATERIALIZED (
  SELECT a.job_id, a.type, a.view, a.chunk, a.row_count, a.byte_count, a.number
  FROM (SELECT * FROM asked ORDER BY job_id, type, view, chunk) a
  CROSS JOIN LATERAL (
    SELECT
    FROM viewexport.task t
    WHERE t.job_id = a.job_id AND t.type = a.type AND t.view = a.view AND t.chunk = a.chunk
      AND t.token = a.token AND t.worker = a.worker AND t.state = 'LEASED'
    LIMIT 1
    FOR NO KEY UPDATE
  ) t
)
UPDATE viewexport.task t
SET lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond',
    row_count = h.row_count, byte_count = h.byte_count
FROM held h JOIN viewexport.job j ON j.id = h.job_id
WHERE t.job_id = h.job_id AND t.type = h.type AND t.view = h.view AND t.chunk = h.chunk
  AND h.number + 0 = h.number
RETURNING h.number, j.stop
