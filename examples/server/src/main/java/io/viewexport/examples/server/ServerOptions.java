// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import io.viewexport.core.fhir.ResponseProfile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command is asked to do.
 *
 * @param framework what the servers are built with
 * @param profile how the operation answers
 * @param port of the first pod; the others have the next ones
 * @param pods how many; each is a JVM of its own where there is more than one
 * @param jdbcUrl whose database; empty: an embedded one with samples. May hold a password
 * @param lake the folder that exports may write to
 * @param views the folder of the ViewDefinitions
 * @param rows how many Observations the samples have
 */
record ServerOptions(
    Framework framework,
    ResponseProfile profile,
    int port,
    int pods,
    Optional<String> jdbcUrl,
    Path lake,
    Path views,
    int rows) {
  private static final Set<String> NAMES =
      Set.of(
          "--framework", "--profile", "--port", "--pods", "--jdbc", "--lake", "--views", "--rows");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PODS = 8;

  /**
   * Reads the command line.
   *
   * @param directory what relative paths start from
   * @throws UsageException where it makes no command
   */
  static ServerOptions parse(List<String> arguments, Path directory) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!NAMES.contains(name)) {
        // Not quoted: it may be a secret that a shell split off.
        throw new UsageException("an argument stands where an option such as --port is expected");
      }
      if (i + 1 == arguments.size() || given.put(name, arguments.get(i + 1)) != null) {
        throw new UsageException(name + " takes one value, once");
      }
    }
    Path lake = path("--lake", given.getOrDefault("--lake", "viewexport-lake"), directory);
    Optional<String> jdbc = Optional.ofNullable(given.get("--jdbc"));
    if (jdbc.isPresent() && !jdbc.get().startsWith("jdbc:postgresql:")) {
      throw new UsageException(
          "--jdbc takes a URL such as jdbc:postgresql://localhost:5432/fhir?user=me");
    }
    int pods = number("--pods", given.getOrDefault("--pods", "1"), 1, MAX_PODS);
    return new ServerOptions(
        constant("--framework", given.getOrDefault("--framework", "hapi"), Framework.class),
        constant("--profile", given.getOrDefault("--profile", "reference"), ResponseProfile.class),
        number("--port", given.getOrDefault("--port", "8080"), 0, MAX_PORT - pods),
        pods,
        jdbc,
        lake,
        Optional.ofNullable(given.get("--views"))
            .map(text -> path("--views", text, directory))
            .orElse(SampleViews.folder(lake)),
        number("--rows", given.getOrDefault("--rows", "100000"), 1, 10_000_000));
  }

  /** The arguments of a pod by itself; the database is not among them: others may see them. */
  List<String> podArguments(int podPort) {
    return List.of(
        "--framework", code(framework),
        "--profile", code(profile),
        "--port", Integer.toString(podPort),
        "--lake", lake.toString(),
        "--views", views.toString());
  }

  private static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E constant(String name, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (code(constant).equals(text)) {
        return constant;
      }
    }
    List<String> codes =
        List.of(type.getEnumConstants()).stream().map(ServerOptions::code).toList();
    throw new UsageException(name + " takes " + String.join(" or ", codes));
  }

  private static int number(String name, String text, int least, int most) {
    if (text.matches("\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new UsageException(name + " takes a whole number from " + least + " to " + most);
  }

  private static Path path(String name, String text, Path directory) {
    try {
      return directory.toAbsolutePath().resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(name + " takes a path on this machine");
    }
  }

  @Override
  public String toString() {
    return "ServerOptions(" + String.join(" ", podArguments(port)) + ")";
  }
}
