// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.List;
import java.util.Locale;

/** The checks of a set-up, in their order, each with those that it can't do without. */
enum DoctorCheck {
  WORKSPACE,
  CLOCK(WORKSPACE),
  TOKEN(WORKSPACE),
  WAREHOUSE(TOKEN),
  WAREHOUSE_START(WAREHOUSE),
  TARGET(TOKEN),
  TARGET_COLUMNS(TARGET),
  TARGET_SELECT(TARGET, WAREHOUSE_START),
  TARGET_MODIFY(TARGET_SELECT),
  STAGING_PLACE,
  STAGING_SCHEMA(TOKEN),
  STAGING_TABLE(STAGING_SCHEMA, STAGING_PLACE),
  STAGING_CREDENTIALS(STAGING_TABLE),
  S3_WRITE(STAGING_CREDENTIALS),
  S3_CONDITIONAL_WRITE(S3_WRITE),
  S3_LIST(S3_WRITE),
  S3_DELETE(S3_WRITE),
  PATH_CREDENTIALS(TOKEN, STAGING_PLACE),
  CLEAN_UP;

  @SuppressWarnings("ImmutableEnumChecker") // The list is a copy.
  private final List<DoctorCheck> needed;

  DoctorCheck(DoctorCheck... needed) {
    this.needed = List.of(needed);
  }

  /** Those that must have gone well before. */
  List<DoctorCheck> needed() {
    return needed;
  }

  /** Lower-case words joined by hyphens. */
  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
