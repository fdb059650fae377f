// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Made-up people and what was found out about them, as FHIR R4 resources: for each Patient ten
 * Observations in three encounters and, mostly, some Conditions. The same seed makes the same text.
 */
final class SampleResources {
  /** Observations of one patient. */
  static final int OBSERVATIONS_PER_PATIENT = 10;

  /** Everything happened before this moment. */
  static final Instant NOW = Instant.parse("2026-06-30T12:00:00Z");

  private static final long SEED = 20_260_630L;
  private static final int MAX_CONDITIONS = 4;

  private final long seed;
  private final int observations;

  /**
   * Resources with the usual seed.
   *
   * @param observations how many Observations there are
   */
  SampleResources(int observations) {
    this(SEED, observations);
  }

  SampleResources(long seed, int observations) {
    this.seed = seed;
    this.observations = observations;
  }

  /** Makes them, one in memory at a time. */
  void copyTo(ResourceTables tables) throws SQLException {
    generate(tables::add);
  }

  /** Makes them and hands over one after the other. */
  <X extends Exception> void generate(Receiver<X> receiver) throws X {
    SplittableRandom random = new SplittableRandom(seed);
    for (int first = 0; first < observations; first += OBSERVATIONS_PER_PATIENT) {
      // A stream of its own for each patient: a longer list begins with the shorter one.
      generatePatient(
          random.split(), Math.min(OBSERVATIONS_PER_PATIENT, observations - first), receiver);
    }
  }

  private static <X extends Exception> void generatePatient(
      SplittableRandom random, int count, Receiver<X> receiver) throws X {
    SamplePerson person = SamplePerson.next(random);
    receiver.add(PatientJson.of(person, random));
    List<SampleEncounter> encounters = SampleEncounter.three(person, random);
    for (int number = 0; number < count; number++) {
      SampleEncounter encounter = encounters.get(number * encounters.size() / count);
      receiver.add(ObservationJson.of(person, encounter, number, random));
    }
    int conditions = random.nextInt(MAX_CONDITIONS);
    for (int number = 0; number < conditions; number++) {
      receiver.add(ConditionJson.of(person, encounters.get(number % encounters.size()), random));
    }
  }

  /** Takes resources. */
  interface Receiver<X extends Exception> {
    void add(Resource resource) throws X;
  }
}
