-- A job's state and counters; nobody else changes them until the end of the transaction, which the
-- server ends by itself where the one who holds the lock was frozen.
SELECT id, state, stop, stage, left_plan, left_setup, left_chunk, left_finalize, left_cleanup,
  views, merged, unknown, lost_leases, snapshot_generation, request,
  set_config('idle_in_transaction_session_timeout', '5s', true)
FROM viewexport.job
WHERE id = :job
FOR NO KEY UPDATE
