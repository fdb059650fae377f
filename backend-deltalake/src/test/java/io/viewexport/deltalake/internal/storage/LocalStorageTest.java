// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest {
  private final Path temporary;
  private final Path root;
  private final LakeStorage storage;

  LocalStorageTest(@TempDir Path temporary) throws IOException {
    this.temporary = temporary;
    root = Files.createDirectory(temporary.toRealPath().resolve("root"));
    storage = LocalStorage.create(List.of(root), Map.of());
  }

  @Test
  void everySpellingOfAPlaceGivesOnePath() throws IOException {
    String expected = root + "/a b/t";
    assertThat(storage.resolve(root + "/a b//x/../t/")).isEqualTo(expected);
    assertThat(storage.resolve("file:" + root + "/a%20b/t")).isEqualTo(expected);
    assertThat(storage.resolve("file://" + root + "/a%20b/t/")).isEqualTo(expected);
    Files.createSymbolicLink(temporary.resolve("link"), root);
    assertThat(storage.resolve(temporary + "/link/a b/t")).isEqualTo(expected);
    assertThat(storage.location(expected)).isEqualTo("file:" + root + "/a%20b/t");
  }

  @Test
  void pathsOutsideTheRootsAreRefused() throws IOException {
    Path outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("dangling"), temporary.resolve("nowhere"));
    for (String path :
        List.of(
            root.toString(),
            outside + "/t",
            root + "/../outside/t",
            root + "x/t",
            root + "/out/t",
            root + "/dangling/t",
            "s3://bucket/t",
            "/")) {
      assertThatThrownBy(() -> storage.resolve(path))
          .as(path)
          .isInstanceOfSatisfying(
              PathNotAllowedException.class,
              e -> assertThat(e.code()).isEqualTo("path-not-allowed"));
    }
    for (String path : List.of("", " ", "file:relative", "file://host/t", "file:/t?q", "a\0b")) {
      assertThatThrownBy(() -> storage.resolve(path))
          .as(path)
          .isInstanceOfSatisfying(
              PathNotAllowedException.class, e -> assertThat(e.code()).isEqualTo("invalid-path"));
    }
  }

  @Test
  void relativePathsAreRefusedAndTellNothingOfTheServersFolder() {
    String here = Path.of("").toAbsolutePath().toString();
    String below = Path.of(here).relativize(root) + "/t";
    for (String path : List.of(below, "lake/t", "./t", "../t", "t")) {
      assertThatThrownBy(() -> storage.resolve(path))
          .isInstanceOfSatisfying(
              PathNotAllowedException.class,
              e -> {
                assertThat(e.code()).isEqualTo("invalid-path");
                assertThat(e.message())
                    .isEqualTo("A path must be absolute: \"" + path + "\".")
                    .doesNotContain(here);
              });
    }
  }

  @Test
  void deletesATreeButNotWhatItsLinksLeadTo() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    storage.createDirectories(root + "/t/a/b");
    Files.createFile(root.resolve("t/a/b/file"));
    Files.createSymbolicLink(root.resolve("t/a/link"), outside);
    storage.deleteTree(root + "/t");
    assertThat(root.resolve("t")).doesNotExist();
    assertThat(outside.resolve("keep")).exists();
    storage.deleteTree(root + "/t");
  }

  @Test
  void deletesNothingOutsideTheRootsNorTheRootsThemselves() throws IOException {
    Path outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    Files.createSymbolicLink(root.resolve("link"), outside);
    for (String path : List.of(root.toString(), outside.toString(), root + "/../outside", "/")) {
      assertThatThrownBy(() -> storage.deleteTree(path)).isInstanceOf(ExportException.class);
      assertThatThrownBy(() -> storage.deleteIfEmpty(path)).isInstanceOf(ExportException.class);
    }
    assertThatThrownBy(() -> storage.deleteFile(root + "/link/keep"))
        .isInstanceOf(ExportException.class);
    assertThat(outside.resolve("keep")).exists();
    assertThat(root).exists();
  }

  @Test
  void removesADirectoryOnlyWhenEmpty() throws IOException {
    storage.createDirectories(root + "/d");
    Files.createFile(root.resolve("d/file"));
    storage.deleteIfEmpty(root + "/d");
    assertThat(root.resolve("d/file")).exists();
    storage.deleteFile(root + "/d/file");
    storage.deleteFile(root + "/d/file");
    storage.deleteIfEmpty(root + "/d");
    storage.deleteIfEmpty(root + "/d");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void linksAFileAndTheSecondLivesOn() throws IOException {
    Files.writeString(root.resolve("a"), "rows");
    storage.linkOrCopy(root + "/a", root + "/b");
    storage.linkOrCopy(root + "/a", root + "/b");
    storage.deleteFile(root + "/a");
    assertThat(root.resolve("b")).hasContent("rows");
    Files.writeString(root.resolve("c"), "others");
    assertThatThrownBy(() -> storage.linkOrCopy(root + "/c", root + "/b"))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.code()).isEqualTo("file-exists"));
    assertThat(root.resolve("b")).hasContent("rows");
  }

  @Test
  void listsTheFilesOfADirectoryByPrefix() throws IOException {
    Files.writeString(root.resolve("x-1"), "abc");
    Files.writeString(root.resolve("y-1"), "");
    Files.createDirectory(root.resolve("x-2"));
    List<StoredFile> found = storage.listFiles(root.toString(), "x-");
    assertThat(found).extracting(StoredFile::name).containsExactly("x-1");
    assertThat(found).extracting(StoredFile::size).containsExactly(3L);
    assertThat(storage.listFiles(root + "/none", "")).isEmpty();
  }

  @Test
  void aPathBelowAFileIsAClearFailure() throws IOException {
    Files.createFile(root.resolve("file"));
    String below = storage.resolve(root + "/file/table/x");
    for (String path : List.of(below, root + "/file")) {
      assertThatThrownBy(() -> storage.createDirectories(path))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> {
                assertThat(e.code()).isEqualTo("path-not-a-directory");
                assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              });
    }
  }

  @Test
  void aNameThatIsTooLongIsAClearFailure() {
    assertThatThrownBy(() -> storage.createDirectories(root + "/" + "x".repeat(300)))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.code()).isEqualTo("path-too-long"));
  }
}
