-- The store's own schema.
CREATE SCHEMA viewexport
