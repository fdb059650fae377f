-- What a cluster shares beside its jobs. Servers that don't know of it go on to work.

-- Whether the first stage's tasks may be released: false while a limit holds the job back.
ALTER TABLE viewexport.job ADD COLUMN admitted boolean NOT NULL DEFAULT true;

CREATE INDEX job_created ON viewexport.job (created_at DESC, id DESC);
CREATE INDEX job_owned ON viewexport.job (principal, created_at DESC, id DESC);
CREATE INDEX job_unfinished ON viewexport.job (created_at DESC, id DESC) WHERE ended_at IS NULL;
CREATE INDEX job_of_kind ON viewexport.job (kind, created_at DESC, id DESC);
CREATE INDEX job_tracked ON viewexport.job (client_tracking_id, created_at DESC, id DESC)
  WHERE client_tracking_id IS NOT NULL;
CREATE INDEX job_not_completed ON viewexport.job (created_at DESC, id DESC)
  WHERE state IN ('FAILED', 'CANCELLED');
CREATE INDEX job_accepted ON viewexport.job (serial) WHERE state = 'ACCEPTED';
CREATE INDEX job_held_back ON viewexport.job (serial) WHERE NOT admitted AND ended_at IS NULL;

-- The servers that said they are alive.
CREATE TABLE viewexport.server (
  worker      text PRIMARY KEY,
  -- the kinds that it has a backend for
  kinds       text[] NOT NULL,
  alive_until timestamptz NOT NULL
);

-- Work that one server at a time does for all.
CREATE TABLE viewexport.duty (
  name       text PRIMARY KEY,
  worker     text NOT NULL,
  held_until timestamptz NOT NULL
);

-- Each task leaves two dead rows behind, among however many that are over: claims pass over them.
ALTER TABLE viewexport.task SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE viewexport.job SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
