-- Export jobs and their tasks. All times are this database's clock.

CREATE TABLE viewexport.job (
  -- given by the server that accepted the job
  id                  text PRIMARY KEY,
  -- the order of arrival
  serial              bigint GENERATED ALWAYS AS IDENTITY,
  kind                text NOT NULL,
  principal           text,
  idempotency_key     text,
  client_tracking_id  text,
  -- ExportRequest as JSON, filters included
  request             json NOT NULL,
  -- PER_CHUNK or SHARED
  snapshot_mode       text NOT NULL,
  -- which shared snapshot the job is at; 0 where each chunk has its own
  snapshot_generation int NOT NULL DEFAULT 0,
  state               text NOT NULL,
  -- NONE, CANCEL or FAILURE: whether and why the job is being brought to an end
  stop                text NOT NULL DEFAULT 'NONE',
  -- the type of tasks released last
  stage               text NOT NULL,
  -- per type: tasks in no final state
  left_plan           int NOT NULL DEFAULT 0,
  left_setup          int NOT NULL DEFAULT 0,
  left_chunk          int NOT NULL DEFAULT 0,
  left_finalize       int NOT NULL DEFAULT 0,
  left_cleanup        int NOT NULL DEFAULT 0,
  -- views planned, known to be merged, given up with the outcome unknown
  views               int NOT NULL DEFAULT 0,
  merged              int NOT NULL DEFAULT 0,
  unknown             int NOT NULL DEFAULT 0,
  -- leases of its tasks that ran out
  lost_leases         int NOT NULL DEFAULT 0,
  -- ExportFailure as JSON
  failure             json,
  created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at          timestamptz,
  ended_at            timestamptz,
  -- when it was final and its clean-up at its end
  cleaned_at          timestamptz
) WITH (fillfactor = 50);

-- One unfinished job per principal and key; no principal is one, too. 'p' keeps it from the empty name.
CREATE UNIQUE INDEX job_idempotency ON viewexport.job
  ((CASE WHEN principal IS NULL THEN '' ELSE 'p' || principal END), idempotency_key)
  WHERE idempotency_key IS NOT NULL AND ended_at IS NULL;
CREATE INDEX job_newest ON viewexport.job (serial DESC);
CREATE INDEX job_principal ON viewexport.job (principal, serial DESC);
CREATE INDEX job_cleaned ON viewexport.job (cleaned_at) WHERE cleaned_at IS NOT NULL;

CREATE TABLE viewexport.job_view (
  job_id        text NOT NULL REFERENCES viewexport.job ON DELETE CASCADE,
  view          int NOT NULL,
  -- ExportView as JSON, as it was described at planning
  definition    json NOT NULL,
  PRIMARY KEY (job_id, view)
);

CREATE TABLE viewexport.task (
  job_id              text NOT NULL REFERENCES viewexport.job ON DELETE CASCADE,
  -- PLAN, SETUP, CHUNK, FINALIZE or CLEANUP
  type                text NOT NULL,
  view                int NOT NULL,
  chunk               int NOT NULL,
  kind                text NOT NULL,
  -- its number among the job's tasks of its type: the fair order between jobs
  ordinal             int NOT NULL,
  -- WAITING, READY, LEASED, DONE, FAILED or SKIPPED
  state               text NOT NULL DEFAULT 'WAITING',
  due_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  worker              text,
  lease_until         timestamptz,
  -- grows with each claim: the fencing token, and the number of the attempt
  token               int NOT NULL DEFAULT 0,
  failures            int NOT NULL DEFAULT 0,
  lost_leases         int NOT NULL DEFAULT 0,
  -- FailureCause as JSON
  first_failure       json,
  last_failure        json,
  -- the backend's own text for the next attempt
  checkpoint          text,
  -- CHUNK: ViewSlice as JSON
  slice               json,
  -- CHUNK: the winner's receipt; rows and bytes are those of the running attempt before
  receipt             text,
  row_count           bigint NOT NULL DEFAULT 0,
  byte_count          bigint NOT NULL DEFAULT 0,
  snapshot_generation int NOT NULL DEFAULT 0,
  -- FINALIZE: names the target; held from the first claim until the task is final
  exclusion_key       text,
  -- FINALIZE: a merge may have begun whose outcome is not known
  in_doubt            boolean NOT NULL DEFAULT false,
  -- FINALIZE: PENDING, MERGED, NOT_MERGED or UNKNOWN
  outcome             text NOT NULL DEFAULT 'PENDING',
  location            text,
  counts              json,
  -- CLEANUP: how often it has succeeded
  passes              int NOT NULL DEFAULT 0,
  PRIMARY KEY (job_id, type, view, chunk)
) WITH (fillfactor = 70);

-- Finished tasks are in none of these. Renewals touch no indexed column.
CREATE INDEX task_oldest ON viewexport.task (kind, due_at, ordinal)
  WHERE state = 'READY' AND type <> 'FINALIZE';
CREATE INDEX task_lowest ON viewexport.task (kind, ordinal, due_at)
  WHERE state = 'READY' AND type <> 'FINALIZE';
CREATE INDEX task_merges ON viewexport.task (kind, due_at)
  WHERE state = 'READY' AND type = 'FINALIZE';
CREATE INDEX task_begun ON viewexport.task (md5(exclusion_key))
  WHERE type = 'FINALIZE' AND token > 0 AND state IN ('READY', 'LEASED');
CREATE INDEX task_leased ON viewexport.task (kind)
  WHERE state = 'LEASED';
