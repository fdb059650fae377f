// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Somebody who does not exist.
 *
 * @param id the Patient's id
 * @param isFemale which gender, and which given names
 * @param birthDate when born
 * @param deceased when died, for a few
 */
record SamplePerson(String id, boolean isFemale, LocalDate birthDate, Optional<Instant> deceased) {
  private static final int OLDEST_DAYS = 95 * 365;
  private static final int OLD_AGE = 60;

  static SamplePerson next(SplittableRandom random) {
    String id = SampleText.uuid(random);
    boolean isFemale = random.nextBoolean();
    LocalDate today = LocalDate.ofInstant(SampleResources.NOW, ZoneOffset.UTC);
    LocalDate birthDate = today.minusDays(400 + random.nextInt(OLDEST_DAYS));
    boolean isOld = birthDate.plusYears(OLD_AGE).isBefore(today);
    Optional<Instant> deceased =
        isOld && random.nextInt(4) == 0
            ? Optional.of(SampleResources.NOW.minusSeconds(random.nextLong(5L * 365 * 86_400)))
            : Optional.empty();
    return new SamplePerson(id, isFemale, birthDate, deceased);
  }

  /** The last moment at which something can be found out about the person. */
  Instant lastDay() {
    return deceased.orElse(SampleResources.NOW).minus(1, ChronoUnit.DAYS);
  }
}
