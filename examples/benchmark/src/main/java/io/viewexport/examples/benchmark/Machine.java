// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the figures hang on. */
final class Machine {
  private static final long MIB = 1024L * 1024;

  private Machine() {}

  /** One line on processor, memory, system and JVM. */
  static String facts() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.availableProcessors()
        + " x "
        + processor()
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", Java "
        + Runtime.version()
        + ", heap up to "
        + runtime.maxMemory() / MIB
        + " MiB, "
        + ManagementFactory.getGarbageCollectorMXBeans().get(0).getName();
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
