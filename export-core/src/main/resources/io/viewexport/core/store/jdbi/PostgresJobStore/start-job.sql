-- Moves a job whose first task was claimed.
UPDATE viewexport.job
SET state = 'IN_PROGRESS', started_at = clock_timestamp()
WHERE id = :job AND state = 'ACCEPTED'
