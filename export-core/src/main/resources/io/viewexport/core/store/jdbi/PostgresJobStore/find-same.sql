-- The job that keeps a new one from being stored.
SELECT id
FROM (
  SELECT id, 1 AS place FROM viewexport.job WHERE id = :id
  UNION ALL
  SELECT id, 2 FROM viewexport.job
  WHERE (CASE WHEN principal IS NULL THEN '' ELSE 'p' || principal END)
      = (CASE WHEN CAST(:principal AS text) IS NULL THEN '' ELSE 'p' || CAST(:principal AS text) END)
    AND idempotency_key = :idempotencyKey AND ended_at IS NULL
) same
ORDER BY place
LIMIT 1
