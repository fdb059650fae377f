-- Whether leases of a kind ran out, and whether merges of it are due.
SELECT
  EXISTS (
    SELECT FROM viewexport.task
    WHERE kind = :kind AND state = 'LEASED' AND lease_until <= now()) AS expired,
  EXISTS (
    SELECT FROM viewexport.task
    WHERE kind = :kind AND state = 'READY' AND type = 'FINALIZE' AND due_at <= now()) AS merges
