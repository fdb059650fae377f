// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a table is written: the values of the parameter {@code writeMode}. */
enum WriteMode {
  /** By this library alone, into a folder or bucket. */
  EXTERNAL_DIRECT,
  /** By a SQL warehouse, from staging tables in a bucket. */
  MANAGED_SQL,
  /** As {@link #MANAGED_SQL}: the two differ in live delivery, which is not of exports. */
  MANAGED_ZEROBUS;

  /** The value in requests. */
  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The mode of that code. */
  static Optional<WriteMode> parse(String code) {
    return Arrays.stream(values()).filter(mode -> mode.code().equals(code)).findFirst();
  }
}
