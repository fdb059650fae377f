-- Lets one server at a time begin merges, until the end of the transaction, which the database ends by
-- itself where the one who holds the lock was frozen. Who comes second does not wait: the first takes
-- what is due.
SELECT pg_try_advisory_xact_lock(hashtext('viewexport.merges')),
  set_config('idle_in_transaction_session_timeout', '5s', true)
