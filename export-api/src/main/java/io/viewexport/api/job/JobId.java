// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of an export job: not guessable, and safe as a part of a path, a URL and a table name.
 *
 * @param value 1 to 64 letters, digits and hyphens
 */
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /**
   * Checks the form.
   *
   * @param value 1 to 64 letters, digits and hyphens
   */
  public JobId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a job id is 1 to 64 letters, digits and hyphens");
    }
  }

  /** {@return a new id with 122 random bits from a secure source} */
  public static JobId random() {
    return new JobId(UUID.randomUUID().toString());
  }

  /** The id as text. */
  @Override
  public String toString() {
    return value;
  }
}
