// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A visit to a doctor.
 *
 * @param id the Encounter's id
 * @param start when
 */
record SampleEncounter(String id, Instant start) {
  private static final int COUNT = 3;
  private static final long FOUR_YEARS = 4L * 365 * 86_400;

  /** Three visits within the four years before the person's last day; none before birth. */
  static List<SampleEncounter> three(SamplePerson person, SplittableRandom random) {
    List<SampleEncounter> encounters = new ArrayList<>();
    long birth = person.birthDate().toEpochDay() * 86_400;
    for (int number = 0; number < COUNT; number++) {
      long second = person.lastDay().getEpochSecond() - random.nextLong(FOUR_YEARS);
      encounters.add(
          new SampleEncounter(
              SampleText.uuid(random), Instant.ofEpochSecond(Math.max(second, birth))));
    }
    return encounters;
  }
}
