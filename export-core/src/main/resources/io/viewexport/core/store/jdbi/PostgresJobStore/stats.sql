-- What waits and what runs.
SELECT
  (SELECT count(*) FROM viewexport.task
    WHERE state = 'READY' AND type <> 'FINALIZE' AND due_at <= now())
  + (SELECT count(*) FROM viewexport.task
    WHERE state = 'READY' AND type = 'FINALIZE' AND due_at <= now()) AS due,
  1000 * extract(epoch FROM now() - least(
    (SELECT min(due_at) FROM viewexport.task
      WHERE state = 'READY' AND type <> 'FINALIZE' AND due_at <= now()),
    (SELECT min(due_at) FROM viewexport.task
      WHERE state = 'READY' AND type = 'FINALIZE' AND due_at <= now()))) AS oldest_due_millis,
  (SELECT count(*) FROM viewexport.task WHERE state = 'LEASED') AS leased,
  (SELECT count(*) FROM viewexport.job WHERE ended_at IS NULL) AS unfinished,
  (SELECT count(*) FROM viewexport.job WHERE NOT admitted AND ended_at IS NULL) AS held_back,
  (SELECT 1000 * extract(epoch FROM now() - min(created_at)) FROM viewexport.job
    WHERE ended_at IS NULL) AS oldest_unfinished_millis
