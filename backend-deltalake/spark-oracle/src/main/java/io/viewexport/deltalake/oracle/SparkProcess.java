// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The child JVM and its folder: started, spoken to, and removed. */
final class SparkProcess {
  private static final int LOG_LINES = 40;

  /** What Spark reaches into, on every JDK from 17 on. */
  private static final List<String> OPENED_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Path folder;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private SparkProcess(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static SparkProcess start() {
    try {
      Path folder = Files.createTempDirectory("spark-oracle");
      Path argumentFile = Files.write(folder.resolve("arguments"), arguments(folder));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "@" + argumentFile)
              .directory(folder.toFile())
              .redirectError(log(folder).toFile())
              .start();
      return new SparkProcess(folder, process);
    } catch (IOException e) {
      throw new UncheckedIOException("can't start a JVM for Spark", e);
    }
  }

  private static List<String> arguments(Path folder) throws IOException {
    List<String> arguments = new ArrayList<>();
    for (String name : OPENED_PACKAGES) {
      arguments.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    arguments.add("-XX:+IgnoreUnrecognizedVMOptions");
    arguments.add("--enable-native-access=ALL-UNNAMED");
    arguments.add("-XX:TieredStopAtLevel=1");
    // With the first compiler alone 48 MB, which Spark's generated classes fill.
    arguments.add("-XX:ReservedCodeCacheSize=240m");
    // The standard output belongs to the protocol; a JVM writes its warnings there unless told.
    arguments.add("-XX:+DisplayVMOutputToStderr");
    arguments.add("-Xlog:disable");
    arguments.add("-Xlog:all=warning:stderr");
    arguments.add("-XX:+UseSerialGC");
    arguments.add("-Xmx1500m");
    arguments.add("-Xss4m");
    arguments.add("-Duser.timezone=UTC");
    arguments.add("-Djava.io.tmpdir=" + quoted(folder.toString()));
    arguments.add("-Dderby.system.home=" + quoted(folder.toString()));
    arguments.add("-Dio.netty.tryReflectionSetAccessible=true");
    arguments.add(
        "-Dlog4j2.configurationFile=classpath:io/viewexport/deltalake/oracle/log4j2.properties");
    arguments.add("-cp");
    arguments.add(quoted(ownClassPath() + File.pathSeparator + sparkClassPath()));
    arguments.add(OracleMain.class.getName());
    arguments.add(quoted(folder.toString()));
    return arguments;
  }

  /** As an argument file wants it: spaces kept, backslashes doubled. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String ownClassPath() {
    try {
      return Path.of(SparkProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("can't tell where this class was loaded from", e);
    }
  }

  private static String sparkClassPath() throws IOException {
    try (InputStream in = SparkProcess.class.getResourceAsStream("classpath.txt")) {
      if (in == null) {
        throw new IllegalStateException("the build of spark-oracle has not written classpath.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  void send(String line) {
    try {
      requests.write(line);
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  String receive() {
    try {
      return Objects.requireNonNull(answers.readLine());
    } catch (IOException | NullPointerException e) {
      throw gone(e);
    }
  }

  /** Ends the JVM and removes its folder. */
  void stop() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      System.err.println("spark-oracle left files behind in " + folder + ": " + e);
    }
  }

  private SparkOracleException gone(Exception cause) {
    return new SparkOracleException("Spark's JVM has ended:\n" + endOfLog(), cause);
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log(folder), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "its log can't be read: " + e;
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("spark.log");
  }
}
