-- The ids of jobs, newest first.
SELECT id FROM viewexport.job
WHERE (CAST(:principal AS text) IS NULL OR principal = CAST(:principal AS text))
  AND (cardinality(CAST(:states AS text[])) = 0 OR state = ANY (CAST(:states AS text[])))
ORDER BY serial DESC
LIMIT :limit OFFSET :offset
