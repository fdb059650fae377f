// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

/**
 * A column as the catalog has it.
 *
 * @param name its name
 * @param sourceType the declared type, for messages
 * @param baseType the type's oid, domains resolved
 * @param modifier the type's modifier (of a {@code numeric} precision and scale), domains resolved;
 *     -1 for none
 * @param shape what kind of type it is
 * @param equalsBytes whether only equal bytes are equal: false under a collation for which other
 *     texts are, too
 * @param readable whether the user may select it
 */
record CatalogColumn(
    String name,
    String sourceType,
    int baseType,
    int modifier,
    TypeShape shape,
    boolean equalsBytes,
    boolean readable) {

  /** What matters about types that have no fixed oid. */
  enum TypeShape {
    BUILT_IN_OR_OTHER,
    ENUM,
    ARRAY,
    CITEXT
  }
}
