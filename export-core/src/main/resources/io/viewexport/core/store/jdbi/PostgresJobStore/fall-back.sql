-- Has a job go on without a shared snapshot.
UPDATE viewexport.job
SET snapshot_mode = 'PER_CHUNK', snapshot_generation = 0
WHERE id = :job AND snapshot_mode = 'SHARED' AND snapshot_generation = :generation
