// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ViewName;

/** Writes names into statements: the one place where the source quotes. */
final class SqlIdentifier {
  private SqlIdentifier() {}

  /** The name in double quotes, quotes in it doubled: any name the catalog can hold. */
  static String quote(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name can't hold NUL");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quote(ViewName view) {
    return quote(view.schema()) + "." + quote(view.name());
  }
}
