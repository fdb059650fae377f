// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.examples.files.LocalFileStorage.Survival;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFileStorageTest {
  @TempDir Path folder;
  private Path root;
  private LocalFileStorage storage;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(folder.toRealPath().resolve("root"));
    storage = new LocalFileStorage(List.of(root), Survival.PROCESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/../b", "./a/b", "nicht da/ä"})
  void whatIsMeantBelowTheRootIsTaken(String asked) throws IOException {
    assertThat(storage.resolve(asked)).isEqualTo(root.resolve(asked).normalize().toString());
    assertThat(storage.resolve(root + "/" + asked)).isEqualTo(storage.resolve(asked));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../root2", "a/../../x", "/etc", "/", "s3://bucket/x", "file:/tmp", "a\0b"})
  void whatLiesOutsideIsRefused(String asked) {
    assertThatThrownBy(() -> storage.resolve(asked)).isInstanceOf(PathRefusedException.class);
  }

  @Test
  void linksThatLeadOutsideAreRefused() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(root.resolve("way"), outside);
    Files.createSymbolicLink(root.resolve("nowhere"), folder.resolve("gone"));

    for (String asked : List.of("way", "way/a/b", "nowhere", "nowhere/a")) {
      assertThatThrownBy(() -> storage.resolve(asked)).isInstanceOf(PathRefusedException.class);
    }
    String way = root + "/way";
    assertThatThrownBy(() -> storage.createFolders(way + "/a"))
        .isInstanceOf(PathRefusedException.class);
    assertThatThrownBy(() -> storage.create(way + "/file"))
        .isInstanceOf(PathRefusedException.class);
    assertThatThrownBy(() -> storage.deleteTree(way + "/a"))
        .isInstanceOf(PathRefusedException.class);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aDeletedTreeLeavesWhatItsLinksLeadTo() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Files.createDirectory(root.resolve("tree"));
    Files.createSymbolicLink(root.resolve("tree/way"), outside);

    storage.deleteTree(root + "/tree");
    storage.deleteTree(root + "/tree");

    assertThat(root).isEmptyDirectory();
    assertThat(outside.resolve("kept")).exists();
  }

  @Test
  void aLinkAsTheRootIsItsTarget() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), root);
    LocalFileStorage byLink = new LocalFileStorage(List.of(link), Survival.PROCESS);
    assertThat(byLink.resolve("a")).isEqualTo(root + "/a");
    byLink.createFolders(byLink.resolve("a/b"));
    assertThat(root.resolve("a/b")).isDirectory();
  }

  @Test
  void ofTwoThatPublishTheFirstComesTrue() throws IOException {
    for (String name : List.of("a", "b")) {
      storage.createFolder(root + "/" + name);
      try (var out = storage.create(root + "/" + name + "/file")) {
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(storage.publish(root + "/a", root + "/place")).isTrue();
    assertThat(storage.publish(root + "/b", root + "/place")).isFalse();
    assertThat(root.resolve("place/file")).hasContent("a");
    assertThat(root.resolve("b/file")).exists();
  }

  @Test
  void onlyTheLastFolderIsMade() {
    assertThatThrownBy(() -> storage.createFolder(root + "/gone/a"))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage.publish(root + "/gone", root + "/place"))
        .isInstanceOf(NoSuchFileException.class);
  }
}
