-- Stores tasks of a job.
INSERT INTO viewexport.task
  (job_id, type, view, chunk, kind, ordinal, slice, exclusion_key)
SELECT :job, type, view, chunk, CASE WHEN type = 'CHUNK' THEN :chunkKind ELSE :kind END, ordinal, CAST(slice AS json), exclusion_key
FROM unnest(
  CAST(:types AS text[]), CAST(:views AS int[]), CAST(:chunks AS int[]), CAST(:ordinals AS int[]),
  CAST(:slices AS text[]), CAST(:keys AS text[]))
  AS t (type, view, chunk, ordinal, slice, exclusion_key)
