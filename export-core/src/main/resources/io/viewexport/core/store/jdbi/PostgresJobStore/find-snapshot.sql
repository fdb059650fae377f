-- How the chunks of a job are to be read, and the shared snapshot that somebody holds.
SELECT j.snapshot_mode, j.snapshot_generation, s.name, s.next_sinces
FROM viewexport.job j
LEFT JOIN viewexport.snapshot s ON s.job_id = j.id AND s.lease_until > clock_timestamp()
  AND j.snapshot_mode = 'SHARED'
WHERE j.id = :job
