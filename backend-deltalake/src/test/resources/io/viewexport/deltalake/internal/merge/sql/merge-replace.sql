MERGE INTO `main`.`fhir`.`patient` AS t
USING (
WITH staged AS (
SELECT * FROM (
(SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c0_a1`)
UNION ALL (SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c1_a2`
UNION ALL SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c2_a1`)
) AS u
WHERE CASE WHEN unix_millis(current_timestamp()) < :until THEN true ELSE raise_error('viewexport: submitted too late') END
), all_rows AS (
SELECT false AS is_held, * FROM staged
UNION ALL SELECT true AS is_held, t.`ID` AS c0, t.`part` AS c1, t.`odd``name` AS c2, t.`ts` AS c3, t.`is_deleted` AS c4 FROM `main`.`fhir`.`patient` AS t LEFT SEMI JOIN staged AS s ON t.`ID` = s.c0 AND t.`part` = s.c1
), counted AS (
SELECT *, count_if(is_held) OVER (PARTITION BY c0, c1, c2, c3, c4) AS held,
count_if(NOT is_held) OVER (PARTITION BY c0, c1, c2, c3, c4) AS wanted,
row_number() OVER (PARTITION BY c0, c1, c2, c3, c4, is_held ORDER BY c0) AS nth
FROM all_rows
)
SELECT is_held AS is_removed, c0, c1, c2, c3, c4 FROM counted
WHERE CASE WHEN held > wanted THEN NOT is_held OR nth = 1 ELSE NOT is_held AND nth > held END
) AS s
ON s.is_removed AND t.`ID` = s.c0 AND t.`part` = s.c1 AND t.`ID` <=> s.c0 AND t.`part` <=> s.c1 AND t.`odd``name` <=> s.c2 AND t.`ts` <=> s.c3 AND t.`is_deleted` <=> s.c4
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT s.is_removed THEN INSERT (`ID`, `part`, `odd``name`, `ts`, `is_deleted`) VALUES (s.c0, s.c1, s.c2, s.c3, s.c4)
