// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.util.Map;

/** An embedded PostgreSQL with generated FHIR resources and flat views, for other examples. */
public final class SampleDatabase implements AutoCloseable {
  private final Database database;

  private SampleDatabase(Database database) {
    this.database = database;
  }

  /**
   * Starts one; the caller closes it, which stops it and removes its data.
   *
   * @param observations how many Observations there are; a tenth as many Patients
   * @throws RuntimeException with one line for the user where it does not start
   */
  public static SampleDatabase start(int observations) {
    SampleDatabase samples = new SampleDatabase(Database.embedded(1));
    try {
      DatabaseSetup setup = new DatabaseSetup(samples.database.pool());
      Map<String, Long> counts = setup.loadSamples(new SampleResources(observations));
      setup.createSampleViews(counts.keySet());
      return samples;
    } catch (RuntimeException e) {
      samples.close();
      throw e;
    }
  }

  /** Where it is. */
  public String jdbcUrl() {
    return database.url().value();
  }

  @Override
  public void close() {
    database.close();
  }
}
