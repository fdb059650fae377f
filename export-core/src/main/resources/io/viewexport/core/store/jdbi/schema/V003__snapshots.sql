-- Which state of the database rows are of. Servers that don't know of it go on to work.

-- CHUNK: what the next incremental export has to pass as since, or, as JSON, why that can't be known.
ALTER TABLE viewexport.task ADD COLUMN next_since timestamptz, ADD COLUMN next_since_withheld json;
