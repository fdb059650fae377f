-- A job's own fields after an event.
UPDATE viewexport.job
SET state = coalesce(CAST(:state AS text), state),
    stop = coalesce(CAST(:stop AS text), stop),
    failure = coalesce(CAST(:failure AS json), failure),
    ended_at = CASE WHEN :ends AND ended_at IS NULL THEN clock_timestamp() ELSE ended_at END
WHERE id = :job
