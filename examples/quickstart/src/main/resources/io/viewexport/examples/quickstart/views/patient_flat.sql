-- One row for each Patient. A document is unpacked once a row: "resource || '{}'" makes an unpacked copy,
-- and "offset 0" keeps the planner from taking the sub-query apart again. Without it each column would
-- unpack the document anew. A date without day or month stands for its first day.
create or replace view sof.patient_flat as
select
  p.id,
  d.resource ->> 'gender' as gender,
  (d.birth_date || substr('0001-01-01', length(d.birth_date) + 1))::date as birth_date,
  d.resource #>> '{name,0,family}' as family,
  d.resource #>> '{name,0,given,0}' as given,
  d.resource #>> '{address,0,line,0}' as line,
  d.resource #>> '{address,0,city}' as city,
  d.resource #>> '{address,0,state}' as state,
  d.resource #>> '{address,0,postalCode}' as postal_code,
  d.resource #>> '{telecom,0,value}' as phone,
  d.resource #>> '{maritalStatus,coding,0,code}' as marital_status,
  (d.resource ->> 'active')::boolean as active,
  (d.deceased || substr('0001-01-01T00:00:00Z', length(d.deceased) + 1))::timestamptz as deceased,
  (d.resource #>> '{meta,lastUpdated}')::timestamptz as last_updated
from public.patient p
cross join lateral (
  select
    r.resource,
    r.resource ->> 'birthDate' as birth_date,
    r.resource ->> 'deceasedDateTime' as deceased
  from (select p.resource || '{}' as resource offset 0) r
  offset 0
) d
