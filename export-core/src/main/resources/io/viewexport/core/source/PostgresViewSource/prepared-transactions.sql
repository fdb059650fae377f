-- SPDX-License-Identifier: Apache-2.0
-- Whether this database has prepared transactions.
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database())
