WITH staged AS (
(SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c0_a1`)
UNION ALL (SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c1_a2`
UNION ALL SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c2_a1`)
), key_counts AS (
SELECT c0, c1, 1 AS n FROM staged
)
SELECT unix_millis(current_timestamp()) AS server_time,
coalesce(sum(n), 0) AS staged_rows,
coalesce(sum(CASE WHEN c0 IS NULL THEN n END), 0) AS null_keys_0,
coalesce(sum(CASE WHEN c1 IS NULL THEN n END), 0) AS null_keys_1
FROM key_counts
