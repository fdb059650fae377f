// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * How {@link PostgresViewSource} reads. Servers that share jobs must read with the same settings.
 *
 * @param timeZone the zone in which the database writes times inside text values (arrays of {@code
 *     timestamptz}, text made by a view): a region such as {@code Europe/Berlin}, or UTC
 * @param describeTimeout how long describing a view may take
 * @param lockTimeout how long opening a slice may wait for a lock that somebody else holds on the
 *     view, such as a refresh or an {@code ALTER TABLE}
 * @param outOfRange what becomes of dates and timestamps that are infinite or outside the years 1
 *     to 9999
 * @param unconstrainedNumeric what a {@code numeric} becomes that no decimal of 38 digits can hold
 */
public record PostgresSourceConfig(
    ZoneId timeZone,
    Duration describeTimeout,
    Duration lockTimeout,
    OutOfRange outOfRange,
    UnconstrainedNumeric unconstrainedNumeric) {

  /** UTC, 30 s to describe, 60 s for a lock, out of range fails, unconstrained is a double. */
  public static final PostgresSourceConfig DEFAULT = builder().build();

  /** What becomes of dates and timestamps that are infinite or outside the years 1 to 9999. */
  public enum OutOfRange {
    /** The reading fails, naming the column. */
    FAIL,
    /** The value is delivered as NULL. */
    NULL
  }

  /** What a {@code numeric} without a precision, or of more than 38 digits, becomes. */
  public enum UnconstrainedNumeric {
    /** The nearest double. */
    DOUBLE,
    /** All its digits, as plain text. */
    STRING
  }

  /** Checks the zone and the durations. */
  public PostgresSourceConfig {
    timeZone = timeZone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : timeZone;
    if (!ZoneId.getAvailableZoneIds().contains(timeZone.getId())) {
      throw new IllegalArgumentException(
          "timeZone must be a region such as Europe/Berlin, or UTC: " + timeZone);
    }
    checkTimeout("describeTimeout", describeTimeout);
    checkTimeout("lockTimeout", lockTimeout);
    Objects.requireNonNull(outOfRange, "outOfRange");
    Objects.requireNonNull(unconstrainedNumeric, "unconstrainedNumeric");
  }

  private static void checkTimeout(String name, Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + " must be 1 ms to 1 day: " + timeout);
    }
  }

  /** A builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link PostgresSourceConfig}; what is not set keeps its default. */
  public static final class Builder {
    private ZoneId timeZone = ZoneId.of("UTC");
    private Duration describeTimeout = Duration.ofSeconds(30);
    private Duration lockTimeout = Duration.ofSeconds(60);
    private OutOfRange outOfRange = OutOfRange.FAIL;
    private UnconstrainedNumeric unconstrainedNumeric = UnconstrainedNumeric.DOUBLE;

    private Builder() {}

    /** Sets {@link PostgresSourceConfig#timeZone}. */
    public Builder timeZone(ZoneId value) {
      timeZone = value;
      return this;
    }

    /** Sets {@link PostgresSourceConfig#describeTimeout}. */
    public Builder describeTimeout(Duration value) {
      describeTimeout = value;
      return this;
    }

    /** Sets {@link PostgresSourceConfig#lockTimeout}. */
    public Builder lockTimeout(Duration value) {
      lockTimeout = value;
      return this;
    }

    /** Sets {@link PostgresSourceConfig#outOfRange}. */
    public Builder outOfRange(OutOfRange value) {
      outOfRange = value;
      return this;
    }

    /** Sets {@link PostgresSourceConfig#unconstrainedNumeric}. */
    public Builder unconstrainedNumeric(UnconstrainedNumeric value) {
      unconstrainedNumeric = value;
      return this;
    }

    /** The configuration. */
    public PostgresSourceConfig build() {
      return new PostgresSourceConfig(
          timeZone, describeTimeout, lockTimeout, outOfRange, unconstrainedNumeric);
    }
  }
}
