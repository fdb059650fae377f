// SPDX-License-Identifier: Apache-2.0
/** A command that checks whether exports to a Databricks workspace can work. */
@NullMarked
package io.viewexport.examples.doctor;

import org.jspecify.annotations.NullMarked;
