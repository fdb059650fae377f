// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A value for the marker {@code :name} of a statement.
 *
 * @param value as text; null for NULL
 * @param type of SQL, which the text is cast to, such as {@code BIGINT}
 */
public record SqlParameter(String name, @Nullable String value, String type) {}
