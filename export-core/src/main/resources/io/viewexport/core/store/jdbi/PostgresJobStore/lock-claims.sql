-- Lets one server at a time claim under a limit over the cluster, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('viewexport.claims'))
