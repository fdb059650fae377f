-- Gives a duty to a server, for a time, unless another has it.
INSERT INTO viewexport.duty (name, worker, held_until)
VALUES (:duty, :worker, clock_timestamp() + :leaseMillis * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE SET worker = excluded.worker, held_until = excluded.held_until
  WHERE duty.worker = excluded.worker OR duty.held_until <= clock_timestamp()
