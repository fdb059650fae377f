-- Notes when a job is final and has nothing left to do.
UPDATE viewexport.job
SET cleaned_at = clock_timestamp()
WHERE id = :job AND cleaned_at IS NULL AND ended_at IS NOT NULL
  AND left_plan + left_setup + left_chunk + left_finalize + left_cleanup = 0
