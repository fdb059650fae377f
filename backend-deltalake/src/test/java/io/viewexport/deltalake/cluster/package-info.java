// SPDX-License-Identifier: Apache-2.0
/**
 * Clusters of real processes that are killed and frozen while they export: what is in the targets,
 * the store and the database afterwards.
 */
@NullMarked
package io.viewexport.deltalake.cluster;

import org.jspecify.annotations.NullMarked;
