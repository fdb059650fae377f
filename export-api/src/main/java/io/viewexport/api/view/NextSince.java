// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.ExportIssue;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * From when on the next incremental export has to read, so that it misses no change that this one
 * has not seen; or why that can't be said. It is never guessed.
 *
 * <p>It rests on two properties of the rows: a row's timestamp is not older than the start of the
 * transaction that wrote it minus the margin that was taken off, and a later version of a row has
 * no earlier timestamp than the one before.
 *
 * @param instant what to pass as {@code since}
 * @param withheld why there is none
 */
public record NextSince(Optional<Instant> instant, Optional<ExportIssue> withheld) {

  /** Not there yet: the rows are not in the target. */
  public static final NextSince PENDING = new NextSince(Optional.empty(), Optional.empty());

  /**
   * Checks that not both are there.
   *
   * @param instant what to pass as {@code since}
   * @param withheld why there is none
   */
  public NextSince {
    Objects.requireNonNull(instant, "instant");
    Objects.requireNonNull(withheld, "withheld");
    if (instant.isPresent() && withheld.isPresent()) {
      throw new IllegalArgumentException("what is known is not withheld");
    }
  }

  /**
   * From then on.
   *
   * @param instant what to pass as {@code since}
   * @return that it is known
   */
  public static NextSince at(Instant instant) {
    return new NextSince(Optional.of(instant), Optional.empty());
  }

  /**
   * It can't be known.
   *
   * @param code why: lower-case words joined by hyphens
   * @param message why, and what to do
   * @return that it is withheld
   */
  public static NextSince withheld(String code, String message) {
    return new NextSince(Optional.empty(), Optional.of(ExportIssue.of(code, message)));
  }

  /**
   * The same, earlier by this.
   *
   * @param margin how far clocks and transactions may be apart; not negative
   * @return the earlier one; the same where none is known
   */
  public NextSince minus(Duration margin) {
    return new NextSince(instant.map(at -> at.minus(margin)), withheld);
  }

  /**
   * {@return what holds for the rows of both: the earlier one, where both are known}
   *
   * @param other of the other rows
   */
  public NextSince and(NextSince other) {
    if (instant.isPresent() && other.instant.isPresent()) {
      return instant.get().isAfter(other.instant.get()) ? other : this;
    }
    if (withheld.isPresent() || other.withheld.isPresent()) {
      return withheld.isPresent() ? this : other;
    }
    return PENDING;
  }
}
