-- A job's state and counters; nobody else changes them until the end of the transaction.
SELECT id, state, stop, stage, left_plan, left_setup, left_chunk, left_finalize, left_cleanup,
  views, merged, unknown, lost_leases, request
FROM viewexport.job
WHERE id = :job
FOR NO KEY UPDATE
