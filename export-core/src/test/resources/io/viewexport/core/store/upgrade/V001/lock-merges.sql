-- Lets one server at a time begin merges, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('viewexport.merges'))
