-- Jobs that could go on, of kinds other than these.
SELECT id FROM viewexport.job
WHERE ended_at IS NULL AND admitted AND kind <> ALL (:served)
ORDER BY created_at, id
LIMIT 1000
