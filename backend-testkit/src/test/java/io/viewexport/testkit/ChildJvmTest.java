// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path folder = Path.of("");

  /** Writes a file when it ends in order. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
      System.out.println("ready " + Runtime.getRuntime().maxMemory());
      if (arguments.length == 1) {
        int end = System.in.read();
        System.out.println(end);
      }
    }

    private static void write(Path file) {
      try {
        Files.createFile(file);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aKilledOneFinishesNothing() throws Exception {
    Path ended = folder.resolve("ended");
    try (ChildJvm child =
        ChildJvm.start(Child.class, List.of("-Xmx32m"), List.of(ended.toString()))) {
      assertThat(child.awaitLine("ready", LONG)).startsWith("ready 3");
      child.kill();
      assertThat(child.awaitExit(LONG)).isNotZero();
    }
    assertThat(ended).doesNotExist();
  }

  @Test
  void oneThatEndsSaysHow() throws Exception {
    Path ended = folder.resolve("ended");
    try (ChildJvm child =
        ChildJvm.start(Child.class, List.of(), List.of(ended.toString(), "at once"))) {
      assertThat(child.awaitExit(LONG)).isZero();
      assertThatThrownBy(() -> child.awaitLine("never", Duration.ofMillis(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("never");
    }
    assertThat(ended).exists();
  }
}
