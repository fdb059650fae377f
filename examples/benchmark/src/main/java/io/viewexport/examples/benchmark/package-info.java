// SPDX-License-Identifier: Apache-2.0
/**
 * What the hot path costs: a chunk's pipeline, from the database to a committed staging table,
 * against reading the same rows into nothing. Run by hand.
 */
@NullMarked
package io.viewexport.examples.benchmark;

import org.jspecify.annotations.NullMarked;
