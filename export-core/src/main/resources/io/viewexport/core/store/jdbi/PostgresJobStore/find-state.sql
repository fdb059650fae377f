-- The state that a job is in.
SELECT state FROM viewexport.job WHERE id = :job
