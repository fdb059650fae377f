create table sof.resource (type text, id text, resource jsonb not null, primary key (type, id));

create view sof.patient_flat as
select
  id,
  resource ->> 'gender' as gender,
  (resource ->> 'birthDate')::date as birth_date,
  (resource ->> 'active')::boolean as active,
  (resource ->> 'multipleBirthInteger')::int as multiple_birth,
  (resource ->> 'deceasedDateTime')::timestamptz as deceased,
  (resource #>> '{meta,lastUpdated}')::timestamptz at time zone 'UTC' as last_updated,
  resource #>> '{name,0,family}' as "familyName",
  resource #> '{name,0,given}' as given,
  array(select jsonb_array_elements_text(resource #> '{name,0,given}')) as given_names,
  array(select (v ->> 'valueDecimal')::numeric(9,6)
        from jsonb_path_query(resource, '$.address[0].extension[*].extension[*]') v) as place,
  (resource #>> '{extension,0,valueDecimal}')::float4 as score,
  resource #>> '{text,div}' as narrative,
  convert_to(resource #>> '{text,div}', 'UTF8') as narrative_bytes,
  resource -> 'address' as address,
  age(date '2024-01-01', (resource ->> 'birthDate')::date) as age,
  md5(id)::uuid as uuid
from sof.resource where type = 'Patient';

create view sof.patient_name as
select r.id, n.number::int8 as number, n.name ->> 'use' as use, n.name ->> 'family' as family,
  n.name #>> '{given,0}' as given, (n.name #>> '{period,start}')::date as since
from sof.resource r
cross join lateral jsonb_array_elements(r.resource -> 'name') with ordinality n(name, number)
where type = 'Patient';

create view sof.observation_flat as
select
  id,
  resource ->> 'status' as status,
  split_part(resource #>> '{subject,reference}', 'Patient/', 2) as patient_id,
  resource #>> '{code,coding,0,code}' as code,
  resource #>> '{code,text}' as display,
  (resource #>> '{valueQuantity,value}')::numeric as value,
  (resource #>> '{valueQuantity,value}')::numeric(24,12) as value_exact,
  (resource #>> '{valueQuantity,value}')::float8 as value_double,
  resource #>> '{valueQuantity,unit}' as unit,
  resource #>> '{valueCodeableConcept,text}' as value_text,
  (resource ->> 'valueBoolean')::boolean as value_boolean,
  (resource ->> 'effectiveDateTime')::timestamptz as effective,
  (resource ->> 'effectiveDateTime')::timestamptz::date as effective_day,
  (resource ->> 'issued')::timestamptz as issued,
  (resource ->> 'valueTime')::time as value_time,
  jsonb_array_length(coalesce(resource -> 'component', '[]'))::int2 as components,
  resource -> 'component' as component
from sof.resource where type = 'Observation';

create view sof.condition_flat as
select
  id,
  resource #>> '{clinicalStatus,coding,0,code}' as clinical_status,
  resource #>> '{code,coding,0,code}' as code,
  (resource #>> '{code,coding,0,code}')::bigint as code_number,
  resource #>> '{code,text}' as display,
  split_part(resource #>> '{subject,reference}', 'Patient/', 2)::char(40) as patient_id,
  (resource ->> 'onsetDateTime')::timestamptz as onset,
  (resource ->> 'abatementDateTime')::timestamptz as abatement,
  (resource ->> 'abatementDateTime')::timestamptz - (resource ->> 'onsetDateTime')::timestamptz as lasted
from sof.resource where type = 'Condition';
