-- A server is alive, for a time; those that have long been silent are forgotten.
WITH silent AS (
  SELECT worker FROM viewexport.server
  WHERE alive_until < clock_timestamp() - interval '1 hour' AND worker <> :worker
  FOR UPDATE SKIP LOCKED
), forgotten AS (
  DELETE FROM viewexport.server WHERE worker IN (SELECT worker FROM silent)
)
INSERT INTO viewexport.server (worker, kinds, alive_until)
VALUES (:worker, :kinds, clock_timestamp() + :validMillis * interval '1 millisecond')
ON CONFLICT (worker) DO UPDATE SET kinds = excluded.kinds, alive_until = excluded.alive_until
