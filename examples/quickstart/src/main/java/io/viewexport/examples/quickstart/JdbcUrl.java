// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

/**
 * Where a database is. May hold a password, so it never shows itself.
 *
 * @param value as given
 */
record JdbcUrl(String value) {
  private static final String PREFIX = "jdbc:postgresql:";

  JdbcUrl {
    if (!value.startsWith(PREFIX)) {
      throw new UsageException(
          "--jdbc takes a URL such as jdbc:postgresql://localhost:5432/fhir?user=me");
    }
  }

  @Override
  public String toString() {
    return PREFIX + "(hidden)";
  }
}
