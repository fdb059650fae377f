-- Stores the planned views of a job, in order.
INSERT INTO viewexport.job_view (job_id, view, definition)
SELECT :job, ordinality - 1, CAST(definition AS json)
FROM unnest(CAST(:definitions AS text[])) WITH ORDINALITY AS v (definition, ordinality)
