-- The job that keeps a new one from being stored.
SELECT id FROM viewexport.job
WHERE (id = :id OR (idempotency_key = :idempotencyKey AND ended_at IS NULL
    AND principal IS NOT DISTINCT FROM :principal))
ORDER BY id = :id DESC
LIMIT 1
