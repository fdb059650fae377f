-- One row for each Condition. A document is unpacked once a row: "resource || '{}'" makes an unpacked
-- copy, and "offset 0" keeps the planner from taking the sub-query apart again. Without it each column
-- would unpack the document anew. A time without day or month stands for its first moment, UTC.
create or replace view sof.condition_flat as
select
  c.id,
  split_part(d.resource #>> '{subject,reference}', 'Patient/', 2) as patient_id,
  split_part(d.resource #>> '{encounter,reference}', 'Encounter/', 2) as encounter_id,
  d.resource #>> '{clinicalStatus,coding,0,code}' as clinical_status,
  d.resource #>> '{verificationStatus,coding,0,code}' as verification_status,
  d.resource #>> '{code,coding,0,code}' as code,
  coalesce(d.resource #>> '{code,coding,0,display}', d.resource #>> '{code,text}') as display,
  (d.onset || substr('0001-01-01T00:00:00Z', length(d.onset) + 1))::timestamptz as onset,
  (d.abatement || substr('0001-01-01T00:00:00Z', length(d.abatement) + 1))::timestamptz as abatement,
  (d.recorded || substr('0001-01-01T00:00:00Z', length(d.recorded) + 1))::timestamptz as recorded,
  (d.resource #>> '{meta,lastUpdated}')::timestamptz as last_updated
from public.condition c
cross join lateral (
  select
    r.resource,
    coalesce(r.resource ->> 'onsetDateTime', r.resource #>> '{onsetPeriod,start}') as onset,
    r.resource ->> 'abatementDateTime' as abatement,
    r.resource ->> 'recordedDate' as recorded
  from (select c.resource || '{}' as resource offset 0) r
  offset 0
) d
