-- Ends every task of a job that nobody works at, as no server is there to do it: all but the
-- clean-up. A merge in doubt stays unknown; a lease that ran out is void, its token included.
WITH dropped AS (
  UPDATE viewexport.task
  SET state = CASE WHEN in_doubt OR (state = 'LEASED' AND type = 'FINALIZE')
        THEN 'FAILED' ELSE 'SKIPPED' END,
      outcome = CASE WHEN type <> 'FINALIZE' THEN outcome
        WHEN in_doubt OR state = 'LEASED' THEN 'UNKNOWN' ELSE 'NOT_MERGED' END,
      in_doubt = in_doubt OR (state = 'LEASED' AND type = 'FINALIZE'),
      token = token + CAST(state = 'LEASED' AS int),
      row_count = CASE WHEN state = 'LEASED' THEN 0 ELSE row_count END,
      byte_count = CASE WHEN state = 'LEASED' THEN 0 ELSE byte_count END
  WHERE job_id = :job AND type <> 'CLEANUP'
    AND (state IN ('WAITING', 'READY') OR (state = 'LEASED' AND lease_until <= now()))
  RETURNING type, outcome
), counted AS (
  SELECT count(*) FILTER (WHERE type = 'PLAN') AS plan,
    count(*) FILTER (WHERE type = 'SETUP') AS setup,
    count(*) FILTER (WHERE type = 'CHUNK') AS chunk,
    count(*) FILTER (WHERE type = 'FINALIZE') AS finalize,
    count(*) FILTER (WHERE type = 'FINALIZE' AND outcome = 'UNKNOWN') AS unknown
  FROM dropped
)
UPDATE viewexport.job j
SET left_plan = j.left_plan - c.plan, left_setup = j.left_setup - c.setup,
    left_chunk = j.left_chunk - c.chunk, left_finalize = j.left_finalize - c.finalize,
    unknown = j.unknown + c.unknown
FROM counted c
WHERE j.id = :job
