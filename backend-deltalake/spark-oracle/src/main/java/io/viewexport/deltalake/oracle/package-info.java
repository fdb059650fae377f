// SPDX-License-Identifier: Apache-2.0
/**
 * An independent reader of Delta tables for tests: Spark SQL in a JVM of its own, so that neither
 * its libraries nor ours change what the other one does. The client side needs the JDK alone.
 */
@NullMarked
package io.viewexport.deltalake.oracle;

import org.jspecify.annotations.NullMarked;
