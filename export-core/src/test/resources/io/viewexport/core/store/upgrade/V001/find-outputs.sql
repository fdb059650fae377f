-- What became of each planned view of some jobs.
SELECT t.job_id, t.view,
  count(*) FILTER (WHERE t.type = 'CHUNK') AS chunks,
  count(*) FILTER (WHERE t.type = 'CHUNK' AND t.state = 'DONE') AS chunks_done,
  coalesce(sum(t.row_count) FILTER (WHERE t.type = 'CHUNK'), 0) AS row_count,
  coalesce(sum(t.byte_count) FILTER (WHERE t.type = 'CHUNK'), 0) AS byte_count,
  max(t.outcome) FILTER (WHERE t.type = 'FINALIZE') AS outcome,
  max(t.location) FILTER (WHERE t.type = 'FINALIZE') AS location,
  max(CAST(t.counts AS text)) FILTER (WHERE t.type = 'FINALIZE') AS counts
FROM viewexport.task t
WHERE t.job_id = ANY (:jobs) AND t.type IN ('CHUNK', 'FINALIZE')
GROUP BY t.job_id, t.view
