// SPDX-License-Identifier: Apache-2.0
/** PostgreSQL to Delta table by the whole library, read and disturbed by Spark. */
@org.jspecify.annotations.NullMarked
package io.viewexport.deltalake.endtoend;
