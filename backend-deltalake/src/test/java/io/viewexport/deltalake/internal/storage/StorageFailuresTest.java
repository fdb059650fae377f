// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFailuresTest {
  private final Path directory;

  StorageFailuresTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void eachAnswerOfAFileSystemHasItsCodeAndKind() {
    check(new IOException("No space left on device"), "disk-full", FailureKind.RETRYABLE);
    check(because("Disk quota exceeded"), "disk-full", FailureKind.RETRYABLE);
    check(because("Read-only file system"), "read-only", FailureKind.PERMANENT);
    check(because("Not a directory"), "path-not-a-directory", FailureKind.PERMANENT);
    check(because("File name too long"), "path-too-long", FailureKind.PERMANENT);
    check(new NotDirectoryException("x"), "path-not-a-directory", FailureKind.PERMANENT);
    check(new AccessDeniedException("x"), "access-denied", FailureKind.PERMANENT);
    check(new FileAlreadyExistsException("x"), "file-exists", FailureKind.PERMANENT);
    check(new NoSuchFileException("x"), "file-missing", FailureKind.RETRYABLE);
    check(new FileNotFoundException("x"), "file-missing", FailureKind.RETRYABLE);
    check(new EOFException("x"), "file-damaged", FailureKind.RETRYABLE);
    check(new ClosedByInterruptException(), "interrupted", FailureKind.RETRYABLE);
    check(because("Input/output error"), "storage-failed", FailureKind.RETRYABLE);
    check(
        new NoHardLinksException("x", new IOException("y")),
        "no-hard-links",
        FailureKind.PERMANENT);
    check(
        new IOException("can't write", new IOException("No space left on device")),
        "disk-full",
        FailureKind.RETRYABLE);
  }

  private static FileSystemException because(String reason) {
    return new FileSystemException("x", null, reason);
  }

  private void check(IOException e, String code, FailureKind kind) {
    ExportException failure = StorageFailures.ofFileSystem(e, "Nothing done", directory + "/t");
    assertThat(failure.code()).as(e.toString()).isEqualTo(code);
    assertThat(failure.kind()).as(e.toString()).isEqualTo(kind);
    assertThat(failure.message()).startsWith("Nothing done: ").contains(directory + "/t");
  }

  @Test
  void theStateOfThePathTellsWhereNeitherClassNorTextDo() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    IOException strange = because("Kein Verzeichnis");
    assertThat(StorageFailures.ofFileSystem(strange, "x", file + "/t").code())
        .isEqualTo("path-not-a-directory");
    assertThat(StorageFailures.ofFileSystem(strange, "x", directory + "/" + "n".repeat(300)).code())
        .isEqualTo("path-too-long");
    assertThat(StorageFailures.ofFileSystem(new NoSuchFileException("x"), "x", file + "/t").code())
        .isEqualTo("path-not-a-directory");
  }
}
