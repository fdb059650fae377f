// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTableTest {
  private static final LakeSchema VIEW = MergeLab.view(column("id", ColumnType.STRING));

  @TempDir Path folder;
  private MergeLab lab;
  private Path target;

  @BeforeEach
  void open() {
    lab = new MergeLab(folder);
    target = Path.of(lab.target);
  }

  private void check() {
    TargetTable.check(lab.storage, lab.spec(VIEW, MergeMode.INSERT, "id"));
  }

  private void assertFails(String code) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(this::check)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.message()).contains(folder.toString()));
  }

  private void log(String content) throws IOException {
    Path log = Files.createDirectories(target.resolve("_delta_log"));
    Files.writeString(log.resolve("00000000000000000000.json"), content);
  }

  @Test
  void aFileIsNoTarget() throws IOException {
    Files.writeString(target, "x");
    assertFails("path-not-a-directory");
  }

  @Test
  void aFolderWithFilesOfOthersIsNoTarget() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("letter.txt"), "x");
    assertFails("target-not-a-table");
  }

  @Test
  void aFolderOfTablesIsNoTarget() throws IOException {
    Files.createDirectories(target.resolve("patient/_delta_log"));
    assertFails("target-not-a-table");
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden", "_delta_log", "viewexport-job.v0.a1.0-x.parquet"})
  void aFolderWithWhatDeltaAndExportsLeaveIsATarget(String name) throws IOException {
    Files.createDirectories(target.resolve(name));
    assertThatNoException().isThrownBy(this::check);
  }

  @Test
  void aTableIsATargetWhateverElseLiesInIt() throws IOException {
    lab.create(lab.target, VIEW.deltaSchema(), Map.of(), List.of());
    Files.writeString(target.resolve("letter.txt"), "x");
    assertThatNoException().isThrownBy(this::check);
  }

  @Test
  void theInsideOfATableIsNoTarget() throws IOException {
    Files.createDirectories(folder.resolve("_delta_log"));
    assertFails("target-in-a-table");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"commitInfo\":{", "\u0000"})
  void aGarbledLogIsCalledDamaged(String content) throws IOException {
    log(content);
    assertFails("table-damaged");
  }

  @Test
  void anEmptyLogFileIsSaidToBeInTheLog() throws IOException {
    log("");
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(this::check)
        .satisfies(e -> assertThat(e.message()).contains("_delta_log"));
  }
}
