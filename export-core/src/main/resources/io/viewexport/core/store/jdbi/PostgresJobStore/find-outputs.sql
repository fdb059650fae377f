-- What became of each planned view of some jobs.
SELECT asked.job_id, t.*
FROM unnest(CAST(:jobs AS text[])) AS asked (job_id)
CROSS JOIN LATERAL (
  SELECT view,
    count(*) FILTER (WHERE type = 'CHUNK') AS chunks,
    count(*) FILTER (WHERE type = 'CHUNK' AND state = 'DONE') AS chunks_done,
    coalesce(sum(row_count) FILTER (WHERE type = 'CHUNK'), 0) AS row_count,
    coalesce(sum(byte_count) FILTER (WHERE type = 'CHUNK'), 0) AS byte_count,
    count(next_since) FILTER (WHERE type = 'CHUNK' AND state = 'DONE') AS known,
    min(next_since) FILTER (WHERE type = 'CHUNK' AND state = 'DONE') AS next_since,
    max(CAST(next_since_withheld AS text)) FILTER (WHERE type = 'CHUNK' AND state = 'DONE') AS withheld,
    max(outcome) FILTER (WHERE type = 'FINALIZE') AS outcome,
    max(location) FILTER (WHERE type = 'FINALIZE') AS location,
    max(CAST(counts AS text)) FILTER (WHERE type = 'FINALIZE') AS counts
  FROM viewexport.task
  WHERE job_id = asked.job_id AND type NOT IN ('PLAN', 'SETUP', 'CLEANUP')
  GROUP BY view
) t
