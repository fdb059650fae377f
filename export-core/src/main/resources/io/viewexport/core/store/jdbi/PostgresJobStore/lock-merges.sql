-- One claim of merges at a time. Who comes second does not wait: the first takes what is due.
SELECT pg_try_advisory_xact_lock(hashtext('viewexport.merges'))
