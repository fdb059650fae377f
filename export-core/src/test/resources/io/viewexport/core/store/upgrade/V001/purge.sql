-- Removes jobs that have long been over, tasks included.
DELETE FROM viewexport.job
WHERE id IN (
  SELECT id FROM viewexport.job
  WHERE cleaned_at < clock_timestamp() - :retentionMillis * interval '1 millisecond'
  ORDER BY cleaned_at
  LIMIT 100
  FOR UPDATE SKIP LOCKED)
