// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import io.viewexport.core.fhir.ResponseProfile;
import io.viewexport.examples.quickstart.SampleDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What all tests share: one database with samples. */
final class TestServers {
  /** A tenth as many Patients. */
  static final int OBSERVATIONS = 2_000;

  private static final SampleDatabase SAMPLES = start();

  private TestServers() {}

  private static SampleDatabase start() {
    SampleDatabase samples = SampleDatabase.start(OBSERVATIONS);
    Runtime.getRuntime().addShutdownHook(new Thread(samples::close));
    return samples;
  }

  static String jdbcUrl() {
    return SAMPLES.jdbcUrl();
  }

  static void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static ServerOptions options(Framework framework, ResponseProfile profile, Path folder)
      throws Exception {
    Path lake = folder.toRealPath().resolve("lake");
    Path views = SampleViews.folder(lake);
    SampleViews.write(views);
    return new ServerOptions(framework, profile, 0, 1, Optional.empty(), lake, views, OBSERVATIONS);
  }

  static Pod start(Framework framework, ResponseProfile profile, Path folder) throws Exception {
    return Pod.start(options(framework, profile, folder), jdbcUrl());
  }
}
