// SPDX-License-Identifier: Apache-2.0
/** Exports of a database that others change meanwhile. */
@NullMarked
package io.viewexport.testkit.incremental;

import org.jspecify.annotations.NullMarked;
