-- The schema's version and the oldest version of the library that can use it.
SELECT coalesce(max(version), 0), coalesce(max(oldest_user), 0) FROM viewexport.schema_version
