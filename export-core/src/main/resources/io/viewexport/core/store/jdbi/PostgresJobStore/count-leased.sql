-- How many tasks are in somebody's hands; a lease that ran out counts: its worker may still run.
SELECT count(*) FROM viewexport.task WHERE state = 'LEASED'
