// SPDX-License-Identifier: Apache-2.0
/**
 * The main job in one command: rows of a PostgreSQL view become a Delta table. Also an example of
 * how a host builds and uses the library: {@link io.viewexport.examples.quickstart.ExportRun}.
 */
@NullMarked
package io.viewexport.examples.quickstart;

import org.jspecify.annotations.NullMarked;
