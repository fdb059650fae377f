-- Lets one server at a time admit jobs, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('viewexport.admission'))
