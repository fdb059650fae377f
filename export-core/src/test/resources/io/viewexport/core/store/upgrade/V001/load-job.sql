-- What a worker needs of a job.
SELECT id, request, state FROM viewexport.job WHERE id = :job
