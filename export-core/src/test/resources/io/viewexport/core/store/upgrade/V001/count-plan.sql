-- A job's counters after tasks were stored.
UPDATE viewexport.job
SET views = :views, left_plan = left_plan + :plan, left_setup = left_setup + :setup,
    left_chunk = left_chunk + :chunk, left_finalize = left_finalize + :finalize,
    left_cleanup = left_cleanup + :cleanup
WHERE id = :job
