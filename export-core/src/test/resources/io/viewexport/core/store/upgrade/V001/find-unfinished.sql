-- The unfinished job of a principal and an idempotency key.
SELECT id FROM viewexport.job
WHERE (CASE WHEN principal IS NULL THEN '' ELSE 'p' || principal END)
    = (CASE WHEN CAST(:principal AS text) IS NULL THEN '' ELSE 'p' || CAST(:principal AS text) END)
  AND idempotency_key = :idempotencyKey AND ended_at IS NULL
