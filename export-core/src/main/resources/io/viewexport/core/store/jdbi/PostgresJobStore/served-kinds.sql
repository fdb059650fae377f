-- The kinds of the servers alive, and those at which somebody works.
SELECT unnest(kinds) FROM viewexport.server WHERE alive_until > clock_timestamp()
UNION
SELECT kind FROM viewexport.task WHERE state = 'LEASED' AND lease_until > now()
