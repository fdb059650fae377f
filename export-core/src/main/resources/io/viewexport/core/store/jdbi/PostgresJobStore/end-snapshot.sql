-- Ends the holding of a snapshot.
UPDATE viewexport.snapshot s
SET lease_until = '-infinity'
FROM viewexport.job j
WHERE s.job_id = :job AND j.id = :job AND j.snapshot_generation = :generation
