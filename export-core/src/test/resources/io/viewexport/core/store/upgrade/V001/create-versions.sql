-- Which steps of the schema are there, and the oldest version of the library that can use each.
CREATE TABLE IF NOT EXISTS viewexport.schema_version (
  version      int PRIMARY KEY,
  oldest_user  int NOT NULL,
  installed_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
