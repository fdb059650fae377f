-- Lets one server at a time claim under a limit over the cluster, until the end of the transaction, which the
-- database ends by itself where the one who holds the lock was frozen.
SELECT pg_advisory_xact_lock(hashtext('viewexport.claims')),
  set_config('idle_in_transaction_session_timeout', '5s', true)
