-- The same patients a day later: each tenth is another one, or each tenth has changed.
CREATE VIEW viewexport_benchmark.patient_tenth_new AS
SELECT
  CASE WHEN hashtext(id) % 10 = 0 THEN 'n' || id ELSE id END AS id,
  family_name, given, gender, birth_date, active, deceased_at, last_updated, created, visits, weight
FROM viewexport_benchmark.patient_flat;

CREATE VIEW viewexport_benchmark.patient_tenth_changed AS
SELECT
  id, family_name, given, gender, birth_date, active, deceased_at,
  CASE WHEN hashtext(id) % 10 = 0 THEN last_updated + interval '1 day' ELSE last_updated END AS last_updated,
  created,
  CASE WHEN hashtext(id) % 10 = 0 THEN visits + 1 ELSE visits END AS visits,
  weight
FROM viewexport_benchmark.patient_flat;
