// SPDX-License-Identifier: Apache-2.0
/**
 * A Databricks workspace on loopback for the tests: sign-in, Unity Catalog and SQL statements over
 * the real protocol, on an S3 that checks keys and a Spark that runs the SQL, with switches for
 * what can go wrong.
 */
@NullMarked
package io.viewexport.deltalake.testing.workspace;

import org.jspecify.annotations.NullMarked;
