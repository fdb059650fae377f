-- Leases of a job's tasks ran out.
UPDATE viewexport.job SET lost_leases = lost_leases + :lost WHERE id = :job
