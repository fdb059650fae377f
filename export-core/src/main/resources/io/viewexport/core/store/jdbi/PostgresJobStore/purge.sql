-- Removes some jobs that have long been over, tasks included, the oldest first.
WITH old AS MATERIALIZED (
  SELECT id, serial
  FROM (
    SELECT id, serial FROM viewexport.job
    WHERE cleaned_at < clock_timestamp() - :retentionMillis * interval '1 millisecond'
    ORDER BY cleaned_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  ) due
), forgotten AS (
  DELETE FROM viewexport.snapshot s
  USING old
  WHERE s.job_id = old.id AND old.serial + 0 = old.serial
)
DELETE FROM viewexport.job j
USING old
WHERE j.id = old.id AND old.serial + 0 = old.serial
