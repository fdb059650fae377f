-- Whether a job waits for others of its principal to end.
SELECT EXISTS (SELECT FROM viewexport.job WHERE NOT admitted AND ended_at IS NULL)
