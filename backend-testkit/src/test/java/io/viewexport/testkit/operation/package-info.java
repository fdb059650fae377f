// SPDX-License-Identifier: Apache-2.0
/** The FHIR operations on a real database, under attack. */
@NullMarked
package io.viewexport.testkit.operation;

import org.jspecify.annotations.NullMarked;
