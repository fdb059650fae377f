-- The first task of these jobs was taken up.
UPDATE viewexport.job
SET state = 'IN_PROGRESS', started_at = clock_timestamp()
WHERE id = ANY (:jobs) AND state = 'ACCEPTED'
