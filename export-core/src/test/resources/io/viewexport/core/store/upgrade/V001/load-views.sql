-- The planned views of a job, in order.
SELECT view, definition FROM viewexport.job_view WHERE job_id = :job ORDER BY view
