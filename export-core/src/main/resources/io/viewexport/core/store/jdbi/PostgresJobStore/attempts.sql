-- Every attempt ever started at a job's chunks and merges.
SELECT type, view, chunk, token, state, outcome
FROM viewexport.task
WHERE job_id = :job AND type NOT IN ('PLAN', 'SETUP', 'CLEANUP')
ORDER BY view, type, chunk
