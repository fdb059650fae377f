-- One row for each Observation. A document is unpacked once a row: "resource || '{}'" makes an unpacked
-- copy, and "offset 0" keeps the planner from taking the sub-query apart again. Without it each column
-- would unpack the document anew. A time without day or month stands for its first moment, UTC.
create or replace view sof.observation_flat as
select
  o.id,
  split_part(d.resource #>> '{subject,reference}', 'Patient/', 2) as patient_id,
  split_part(d.resource #>> '{encounter,reference}', 'Encounter/', 2) as encounter_id,
  d.resource ->> 'status' as status,
  d.resource #>> '{category,0,coding,0,code}' as category,
  d.resource #>> '{code,coding,0,code}' as code,
  coalesce(d.resource #>> '{code,coding,0,display}', d.resource #>> '{code,text}') as display,
  (d.resource #>> '{valueQuantity,value}')::numeric as value,
  d.resource #>> '{valueQuantity,unit}' as unit,
  d.resource #>> '{valueCodeableConcept,coding,0,code}' as value_code,
  jsonb_path_query_first(
    d.resource, '$.component[*] ? (@.code.coding[*].code == "8480-6").valueQuantity.value')::numeric as systolic,
  jsonb_path_query_first(
    d.resource, '$.component[*] ? (@.code.coding[*].code == "8462-4").valueQuantity.value')::numeric as diastolic,
  (d.effective || substr('0001-01-01T00:00:00Z', length(d.effective) + 1))::timestamptz as effective,
  (d.resource ->> 'issued')::timestamptz as issued,
  (d.resource #>> '{meta,lastUpdated}')::timestamptz as last_updated
from public.observation o
cross join lateral (
  select r.resource, coalesce(r.resource ->> 'effectiveDateTime', r.resource #>> '{effectivePeriod,start}') as effective
  from (select o.resource || '{}' as resource offset 0) r
  offset 0
) d
