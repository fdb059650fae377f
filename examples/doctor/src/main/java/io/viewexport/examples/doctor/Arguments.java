// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.doctor;

import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.S3Config;
import io.viewexport.deltalake.WorkspaceConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command is told.
 *
 * @param config the workspace, its warehouse and the bucket of staging
 * @param credentials the service principal
 * @param table the target
 * @param staging the place for staging
 */
record Arguments(
    WorkspaceConfig config, ClientCredentials credentials, String table, String staging) {
  static final String CLIENT_ID = "DATABRICKS_CLIENT_ID";
  static final String CLIENT_SECRET = "DATABRICKS_CLIENT_SECRET";

  private static final List<String> DEMANDED =
      List.of("--workspace", "--warehouse", "--table", "--staging", "--region");
  private static final Set<String> OPTIONAL = Set.of("--endpoint");
  private static final String PATH_STYLE = "--path-style";

  /**
   * Reads them.
   *
   * @throws UsageException where one is missing, or can't be
   */
  static Arguments parse(List<String> args, Map<String, String> environment) {
    Map<String, String> given = given(args);
    List<String> missing =
        new ArrayList<>(DEMANDED.stream().filter(name -> !given.containsKey(name)).toList());
    for (String name : List.of(CLIENT_ID, CLIENT_SECRET)) {
      if (environment.getOrDefault(name, "").isBlank()) {
        missing.add("the environment variable " + name);
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException("Missing: " + String.join(", ", missing) + ".");
    }
    try {
      return of(given, environment);
    } catch (IllegalArgumentException e) {
      throw new UsageException("An argument can't be: " + e.getMessage() + ".");
    }
  }

  private static Map<String, String> given(List<String> args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.size(); i++) {
      String name = args.get(i);
      String before;
      if (name.equals(PATH_STYLE)) {
        before = given.put(name, "");
      } else if (!DEMANDED.contains(name) && !OPTIONAL.contains(name)) {
        throw new UsageException("There is no argument " + name + ".");
      } else if (++i == args.size()) {
        throw new UsageException(name + " has no value.");
      } else {
        before = given.put(name, args.get(i));
      }
      if (before != null) {
        throw new UsageException(name + " is there twice.");
      }
    }
    return given;
  }

  private static Arguments of(Map<String, String> given, Map<String, String> environment) {
    String staging = value(given, "--staging");
    S3Config.Builder s3 =
        S3Config.builder().region(value(given, "--region")).allowedRoots(List.of(above(staging)));
    Optional.ofNullable(given.get("--endpoint")).map(URI::create).ifPresent(s3::endpoint);
    if (given.containsKey(PATH_STYLE)) {
      s3.addressing(S3Config.Addressing.PATH);
    }
    WorkspaceConfig config =
        WorkspaceConfig.builder(value(given, "--workspace"), s3.build())
            .warehouseId(value(given, "--warehouse"))
            .build();
    ClientCredentials credentials =
        ClientCredentials.of(value(environment, CLIENT_ID), value(environment, CLIENT_SECRET));
    return new Arguments(config, credentials, value(given, "--table"), staging);
  }

  private static String value(Map<String, String> given, String name) {
    return given.getOrDefault(name, "");
  }

  /** The place that staging lies in: it must be strictly below one. */
  private static String above(String staging) {
    String plain = staging.endsWith("/") ? staging.substring(0, staging.length() - 1) : staging;
    if (!plain.matches("s3a?://[^/]+/.+")) {
      throw new UsageException("--staging is s3://BUCKET/FOLDER, below an external location.");
    }
    return plain.substring(0, plain.lastIndexOf('/'));
  }
}
