-- Jobs of one kind that have tasks whose lease ran out, locked in the order of their ids; the server
-- ends the transaction by itself where the one who holds the locks was frozen.
SELECT id, set_config('idle_in_transaction_session_timeout', '5s', true) FROM viewexport.job
WHERE id IN (
  SELECT job_id FROM viewexport.task
  WHERE kind = :kind AND state = 'LEASED' AND lease_until <= now()
  LIMIT :limit)
ORDER BY id
FOR NO KEY UPDATE
