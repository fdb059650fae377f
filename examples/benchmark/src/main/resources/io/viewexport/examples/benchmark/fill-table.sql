INSERT INTO viewexport_benchmark.patient_flat
SELECT
  md5('patient ' || i)::uuid::text,
  viewexport_benchmark.syllables((59000 * power(viewexport_benchmark.fraction(i, 1), 2))::integer, 3),
  viewexport_benchmark.syllables((1200 * power(viewexport_benchmark.fraction(i, 2), 2))::integer, 11),
  CASE
    WHEN viewexport_benchmark.fraction(i, 3) < 0.49 THEN 'male'
    WHEN viewexport_benchmark.fraction(i, 3) < 0.98 THEN 'female'
    WHEN viewexport_benchmark.fraction(i, 3) < 0.985 THEN 'other'
    WHEN viewexport_benchmark.fraction(i, 3) < 0.99 THEN 'unknown'
  END,
  date '2024-12-31' - (36500 * viewexport_benchmark.fraction(i, 4))::integer,
  viewexport_benchmark.fraction(i, 5) < 0.95,
  CASE WHEN viewexport_benchmark.fraction(i, 6) < 0.08
    THEN timestamptz '2025-01-01 00:00:00Z' - interval '1 second' * floor(3e8 * viewexport_benchmark.fraction(i, 7))
  END,
  timestamptz '2026-01-01 00:00:00Z' - interval '1 second' * (6e7 * viewexport_benchmark.fraction(i, 8)),
  timestamptz '2024-01-01 00:00:00Z' - interval '1 second' * (3e8 * viewexport_benchmark.fraction(i, 9)),
  floor(-12 * ln(1 - viewexport_benchmark.fraction(i, 10)))::integer,
  CASE WHEN viewexport_benchmark.fraction(i, 11) < 0.97
    THEN (3 + 30 * viewexport_benchmark.fraction(i, 12) + 70 * viewexport_benchmark.fraction(i, 13))::numeric(10, 2)
  END
FROM generate_series(1, ?::bigint) AS i
