WITH staged AS (
(SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c0_a1`)
UNION ALL (SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c1_a2`
UNION ALL SELECT `id` AS c0, CAST(`part` AS BIGINT) AS c1 FROM `main`.`fhir_staging`.`v0_c2_a1`)
), key_counts AS (
SELECT c0, c1, count(*) AS n FROM staged GROUP BY c0, c1
)
SELECT unix_millis(current_timestamp()) AS server_time,
coalesce(sum(n), 0) AS staged_rows,
coalesce(sum(CASE WHEN c0 IS NULL THEN n END), 0) AS null_keys_0,
coalesce(sum(CASE WHEN c1 IS NULL THEN n END), 0) AS null_keys_1,
coalesce(sum(CASE WHEN c0 IS NOT NULL AND c1 IS NOT NULL THEN n - 1 END), 0) AS repeated_keys,
(SELECT to_json(collect_list(k)) FROM (SELECT named_struct('k0', CAST(c0 AS STRING), 'k1', CAST(c1 AS STRING)) AS k FROM key_counts WHERE n > 1 AND c0 IS NOT NULL AND c1 IS NOT NULL LIMIT 5)) AS sample_keys
FROM key_counts
