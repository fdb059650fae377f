-- Skips every task of a job that nobody holds and that has nothing to find out.
WITH skipped AS (
  UPDATE viewexport.task
  SET state = 'SKIPPED',
      outcome = CASE WHEN type = 'FINALIZE' THEN 'NOT_MERGED' ELSE outcome END
  WHERE job_id = :job AND state IN ('WAITING', 'READY') AND type <> 'CLEANUP' AND NOT in_doubt
  RETURNING type
), hastened AS (
  UPDATE viewexport.task SET due_at = now()
  WHERE job_id = :job AND state = 'READY' AND type = 'FINALIZE' AND in_doubt
), counted AS (
  SELECT count(*) FILTER (WHERE type = 'PLAN') AS plan,
    count(*) FILTER (WHERE type = 'SETUP') AS setup,
    count(*) FILTER (WHERE type = 'CHUNK') AS chunk,
    count(*) FILTER (WHERE type = 'FINALIZE') AS finalize
  FROM skipped
)
UPDATE viewexport.job j
SET left_plan = j.left_plan - c.plan, left_setup = j.left_setup - c.setup,
    left_chunk = j.left_chunk - c.chunk, left_finalize = j.left_finalize - c.finalize
FROM counted c
WHERE j.id = :job
