// SPDX-License-Identifier: Apache-2.0
/**
 * For the tests of backends and of what runs them: sample rows of every type, a source and a
 * backend in memory, faults to inject, and the contexts of the engine played by hand.
 */
@NullMarked
package io.viewexport.testkit;

import org.jspecify.annotations.NullMarked;
