-- A step of the schema is there; only steps that older libraries can't live with raise the second.
INSERT INTO viewexport.schema_version (version, oldest_user) VALUES (:version, 1)
