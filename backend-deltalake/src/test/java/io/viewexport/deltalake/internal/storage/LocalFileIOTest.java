// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileIOTest {
  private final Path directory;

  LocalFileIOTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private final FileIO io = new LocalFileIO(Map.of("a.setting", "value"), Placement.unbound());

  @Test
  void listsFromTheNamedFileOnInOrderFilesOnlyAndNoTemporaryOnes() throws Exception {
    for (String name : List.of("3.json", "1.json", "2.json", ".viewexport-x.tmp", "\uFF21", "𝒳")) {
      Files.createFile(directory.resolve(name));
    }
    Files.createDirectory(directory.resolve("4"));
    assertThat(names("2.json")).containsExactly("2.json", "3.json", "\uFF21", "𝒳");
  }

  private List<String> names(String from) throws IOException {
    List<String> names = new ArrayList<>();
    try (CloseableIterator<FileStatus> files = io.listFrom(directory.resolve(from).toString())) {
      files.forEachRemaining(file -> names.add(LocalFiles.name(Path.of(file.getPath()))));
    }
    return names;
  }

  @Test
  void whatIsNotThereIsAFileNotFoundException() {
    String missing = directory.resolve("none/file").toString();
    assertThatThrownBy(() -> io.listFrom(missing)).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.getFileStatus(missing)).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.newInputFile(missing, 5).newStream())
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.copyFileAtomically(missing, missing + "2", false))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void aDirectoryDoesNotPassForAMissingFile() {
    assertThatThrownBy(() -> io.newInputFile(directory.toString(), 5).newStream())
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.delete(directory.toString())).isInstanceOf(IOException.class);
  }

  @Test
  void resolvesWithoutSchemeAndTrailingSlash() throws IOException {
    assertThat(io.resolvePath(directory + "/t/")).isEqualTo(directory + "/t");
    assertThat(io.resolvePath("file:" + directory + "/t")).isEqualTo(directory + "/t");
    assertThat(io.resolvePath("file://" + directory + "/t")).isEqualTo(directory + "/t");
  }

  @Test
  void aCommitDoesNotReplaceAnother() throws Exception {
    Path file = directory.resolve("0.json");
    put(file, "mine");
    assertThatThrownBy(() -> put(file, "other")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine\n");
    assertThat(directory.toFile().listFiles()).containsExactly(file.toFile());
  }

  @Test
  void aCommitOfTheSameBytesIsTheOneWhoseAnswerWasLost() throws Exception {
    Path file = directory.resolve("0.json");
    put(file, "mine");
    put(file, "mine");
    assertThat(file).hasContent("mine\n");
  }

  @Test
  void ofManyWritersOfOneCommitExactlyOneWins() throws Exception {
    int writers = 16;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      for (int round = 0; round < 20; round++) {
        Path file = directory.resolve(round + ".json");
        List<Callable<Boolean>> tries = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
          String text = "writer " + writer;
          tries.add(() -> wins(file, text));
        }
        int won = 0;
        for (Future<Boolean> result : pool.invokeAll(tries)) {
          won += result.get() ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private boolean wins(Path file, String text) throws IOException {
    try {
      put(file, text);
      return Files.readString(file).equals(text + "\n");
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Test
  void aBrokenSourceOfLinesLeavesNothing() {
    Path file = directory.resolve("0.json");
    CloseableIterator<String> broken =
        Utils.toCloseableIterator(List.of("a").iterator())
            .map(
                line -> {
                  throw new IllegalStateException("broken");
                });
    assertThatThrownBy(() -> io.newOutputFile(file.toString()).writeAtomically(broken, false))
        .isInstanceOf(IllegalStateException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anAtomicFileAppearsWhenItIsClosed() throws Exception {
    Path file = directory.resolve("c.parquet");
    try (var out = io.newOutputFile(file.toString()).create(true)) {
      out.write(new byte[] {1, 2, 3});
      assertThat(out.getPos()).isEqualTo(3);
      assertThat(file).doesNotExist();
    }
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(directory.toFile().listFiles()).containsExactly(file.toFile());
  }

  @Test
  void overwritesAndCopiesWhole() throws Exception {
    Path file = directory.resolve("_last_checkpoint");
    put(file, "one");
    io.newOutputFile(file.toString()).writeAtomically(lines("two"), true);
    assertThat(file).hasContent("two\n");
    Path copy = directory.resolve("copy");
    io.copyFileAtomically(file.toString(), copy.toString(), false);
    assertThat(copy).hasContent("two\n");
    Path other = Files.writeString(directory.resolve("other"), "three");
    assertThatThrownBy(() -> io.copyFileAtomically(other.toString(), copy.toString(), false))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void readsFromAnywhere() throws Exception {
    Path file = directory.resolve("data");
    Files.write(file, new byte[] {0, 1, 2, 3, 4});
    try (var in = io.newInputFile(file.toString(), 0).newStream()) {
      in.seek(3);
      assertThat(in.read()).isEqualTo(3);
      assertThat(in.getPos()).isEqualTo(4);
      assertThatThrownBy(() -> in.readFully(new byte[2], 0, 2)).isInstanceOf(EOFException.class);
    }
    assertThat(io.newInputFile(file.toString(), 0).length()).isEqualTo(5);
    assertThat(io.getConf("a.setting")).contains("value");
    assertThat(io.getConf("another")).isEmpty();
  }

  private void put(Path file, String line) throws IOException {
    io.newOutputFile(file.toString()).writeAtomically(lines(line), false);
  }

  private static CloseableIterator<String> lines(String line) {
    return Utils.toCloseableIterator(List.of(line).iterator());
  }
}
