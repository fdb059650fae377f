-- Whether merges of one kind are due at all.
SELECT EXISTS (
  SELECT FROM viewexport.task
  WHERE kind = :kind AND state = 'READY' AND type = 'FINALIZE' AND due_at <= now())
