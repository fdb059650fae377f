-- Which state of the database rows are of. Servers that don't know of it go on to work.

-- CHUNK: what the next incremental export has to pass as since, or, as JSON, why that can't be known.
ALTER TABLE viewexport.task ADD COLUMN next_since timestamptz, ADD COLUMN next_since_withheld json;

-- The newest shared snapshot of a job; job.snapshot_generation is its number. No foreign key: making
-- one would lock the jobs beside the tasks, which servers at work lock in either order.
CREATE TABLE viewexport.snapshot (
  job_id      text PRIMARY KEY,
  -- what readers name it by
  name        text NOT NULL,
  worker      text NOT NULL,
  lease_until timestamptz NOT NULL,
  opened_at   timestamptz NOT NULL,
  -- for each view: its next_since, or next_since_withheld, as JSON
  next_sinces json NOT NULL
);
