-- What an event made of a task; its lease ends.
WITH changed AS (
  UPDATE viewexport.task
  SET state = :state,
      due_at = now() + :delayMillis * interval '1 millisecond',
      failures = failures + CASE WHEN CAST(:failure AS text) IS NULL THEN 0 ELSE 1 END,
      first_failure = coalesce(first_failure, CAST(:failure AS json)),
      last_failure = coalesce(CAST(:failure AS json), last_failure),
      receipt = coalesce(CAST(:receipt AS text), receipt),
      snapshot_generation = coalesce(CAST(:generation AS int), snapshot_generation),
      next_since = coalesce(CAST(CAST(:nextSince AS text) AS timestamptz), next_since),
      next_since_withheld = coalesce(CAST(:withheld AS json), next_since_withheld),
      row_count = :rowCount,
      byte_count = :byteCount,
      checkpoint = coalesce(CAST(:checkpoint AS text), checkpoint),
      outcome = coalesce(CAST(:outcome AS text), outcome),
      location = coalesce(CAST(:location AS text), location),
      counts = coalesce(CAST(:counts AS json), counts),
      in_doubt = :inDoubt,
      passes = :passes
  WHERE job_id = :job AND type = :type AND view = :view AND chunk = :chunk
  RETURNING job_id, type, outcome, state IN ('DONE', 'FAILED', 'SKIPPED') AS ended
)
UPDATE viewexport.job j
SET left_plan = left_plan - CAST(c.type = 'PLAN' AS int),
    left_setup = left_setup - CAST(c.type = 'SETUP' AS int),
    left_chunk = left_chunk - CAST(c.type = 'CHUNK' AS int),
    left_finalize = left_finalize - CAST(c.type = 'FINALIZE' AS int),
    left_cleanup = left_cleanup - CAST(c.type = 'CLEANUP' AS int),
    merged = merged + CAST(c.type = 'FINALIZE' AND c.outcome = 'MERGED' AS int),
    unknown = unknown + CAST(c.type = 'FINALIZE' AND c.outcome = 'UNKNOWN' AS int)
FROM changed c
WHERE j.id = c.job_id AND c.ended
