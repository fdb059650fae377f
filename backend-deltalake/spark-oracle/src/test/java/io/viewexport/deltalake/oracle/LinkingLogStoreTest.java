// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkingLogStoreTest {
  private final Configuration configuration = new Configuration();
  private final LinkingLogStore store = new LinkingLogStore(configuration);

  @Test
  void leavesTheCommitThatCameWhileItWrote(@TempDir Path log) throws IOException {
    Path commit = log.resolve("00000000000000000000.json");
    Stream<String> actions = Stream.of("mine").peek(line -> write(commit, "another's"));

    assertThatThrownBy(
            () ->
                store.write(
                    new org.apache.hadoop.fs.Path(commit.toUri()),
                    actions.iterator(),
                    false,
                    configuration))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(commit).hasContent("another's");
    assertThat(log).isDirectoryNotContaining(file -> !file.equals(commit));
  }

  @Test
  void commitsWholeLines(@TempDir Path folder) throws IOException {
    Path commit = folder.resolve("a log.json");

    store.write(
        new org.apache.hadoop.fs.Path(commit.toUri()),
        List.of("one", "zwölf").iterator(),
        false,
        configuration);

    assertThat(commit).content().isEqualTo("one\nzwölf\n");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
