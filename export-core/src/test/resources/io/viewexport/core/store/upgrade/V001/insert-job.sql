-- Stores a job unless it is there, or an unfinished one has its principal and idempotency key.
INSERT INTO viewexport.job
  (id, kind, principal, idempotency_key, client_tracking_id, request, snapshot_mode, state, stage)
VALUES
  (:id, :kind, :principal, :idempotencyKey, :clientTrackingId, CAST(:request AS json),
   :snapshotMode, 'ACCEPTED', :stage)
ON CONFLICT DO NOTHING
