MERGE INTO `main`.`fhir`.`patient` AS t
USING (
SELECT s.* FROM (
SELECT * FROM (
(SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c0_a1`)
UNION ALL (SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c1_a2`
UNION ALL SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1, CAST(`odd``name` AS DOUBLE) AS c2, `ts` AS c3, `is_deleted` AS c4 FROM `main`.`fhir_staging`.`v0_c2_a1`)
) AS u
WHERE CASE WHEN unix_millis(current_timestamp()) < :until THEN true ELSE raise_error('viewexport: submitted too late') END
) AS s LEFT ANTI JOIN `main`.`fhir`.`patient` AS t ON t.`ID` = s.c0 AND t.`part` = s.c1 AND NOT coalesce((s.c3 > t.`ts` OR (t.`ts` IS NULL AND s.c3 IS NOT NULL) OR (t.`ts` <=> s.c3 AND NOT (t.`ID` <=> s.c0 AND t.`part` <=> s.c1 AND t.`odd``name` <=> s.c2 AND t.`ts` <=> s.c3 AND t.`is_deleted` <=> s.c4))), false)
) AS s
ON t.`ID` = s.c0 AND t.`part` = s.c1
WHEN MATCHED AND (s.c3 > t.`ts` OR (t.`ts` IS NULL AND s.c3 IS NOT NULL) OR (t.`ts` <=> s.c3 AND NOT (t.`ID` <=> s.c0 AND t.`part` <=> s.c1 AND t.`odd``name` <=> s.c2 AND t.`ts` <=> s.c3 AND t.`is_deleted` <=> s.c4))) THEN UPDATE SET t.`ID` = s.c0, t.`part` = s.c1, t.`odd``name` = s.c2, t.`ts` = s.c3, t.`is_deleted` = s.c4
WHEN NOT MATCHED THEN INSERT (`ID`, `part`, `odd``name`, `ts`, `is_deleted`) VALUES (s.c0, s.c1, s.c2, s.c3, s.c4)
