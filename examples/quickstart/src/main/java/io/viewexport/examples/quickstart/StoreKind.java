// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.util.Locale;

/** Where jobs are kept. */
enum StoreKind {
  /** In this process: nothing is left of them after it. */
  MEMORY,
  /** In the schema {@code viewexport} of the database: an unfinished job is resumed. */
  POSTGRES;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
