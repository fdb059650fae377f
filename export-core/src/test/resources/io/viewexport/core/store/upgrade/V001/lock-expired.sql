-- Jobs of one kind that have tasks whose lease ran out, locked in the order of their ids.
SELECT id FROM viewexport.job
WHERE id IN (
  SELECT job_id FROM viewexport.task
  WHERE kind = :kind AND state = 'LEASED' AND lease_until <= now()
  LIMIT :limit)
ORDER BY id
FOR NO KEY UPDATE
