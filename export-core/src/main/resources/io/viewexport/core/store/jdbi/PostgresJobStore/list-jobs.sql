-- The ids of jobs, newest first; the conditions are those of the filter's parts that are set.
SELECT id FROM viewexport.job
WHERE <conditions>
ORDER BY created_at DESC, id DESC
LIMIT :limit
