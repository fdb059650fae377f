-- Jobs that could go on, of kinds other than these.
SELECT id FROM viewexport.job
WHERE ended_at IS NULL AND admitted AND kind <> ALL (:served)
ORDER BY serial
LIMIT 1000
