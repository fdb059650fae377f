-- The receipts of a view's chunks that are done.
SELECT chunk, token, snapshot_generation, receipt, row_count, byte_count
FROM viewexport.task
WHERE job_id = :job AND type = 'CHUNK' AND view = :view AND state = 'DONE'
ORDER BY chunk
