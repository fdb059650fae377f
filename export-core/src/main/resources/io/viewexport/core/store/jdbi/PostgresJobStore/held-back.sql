-- Whether a job waits for others of its principal to end.
SELECT (
  SELECT serial FROM viewexport.job
  WHERE NOT admitted AND ended_at IS NULL
  ORDER BY serial
  LIMIT 1) IS NOT NULL
