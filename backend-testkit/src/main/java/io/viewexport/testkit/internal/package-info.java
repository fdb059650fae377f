// SPDX-License-Identifier: Apache-2.0
/** What the contracts share; no API. */
@NullMarked
package io.viewexport.testkit.internal;

import org.jspecify.annotations.NullMarked;
