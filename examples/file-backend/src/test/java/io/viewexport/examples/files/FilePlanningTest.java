// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePlanningTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  @TempDir Path root;

  @Test
  void everyProblemIsReportedAtOnceWhereItIs() {
    ExportRequest request =
        ExportRequest.builder(FileBackend.KIND)
            .parameter("colour", "red")
            .parameter("outputPath", "../elsewhere")
            .parameter("header", "perhaps")
            .view(view("A", Map.of("_format", "xml"), "id"))
            .view(view("a", Map.of("compression", "zstd", "size", "1"), "no_such", "no_such"))
            .build();

    ExportRefusedException refused =
        catchThrowableOfType(ExportRefusedException.class, () -> plan(request));

    assertThat(refused.issues())
        .extracting(issue -> issue.code() + " " + issue.expression().orElse(""))
        .containsExactlyInAnyOrder(
            "unknown-parameter colour",
            "path-not-allowed outputPath",
            "invalid-value header",
            "invalid-value view[0]._format",
            "invalid-value view[1].compression",
            "unknown-parameter view[1].size",
            "no-key-column view[1].mergeKey",
            "duplicate-key-column view[1].mergeKey",
            "duplicate-output-name view[1].name");
    assertThat(root).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "parquet,gzip,invalid-value",
    "ndjson,snappy,invalid-value",
    "csv,zstd,invalid-value",
    "NDJSON,none,invalid-value"
  })
  void aFormatIsCompressedAsItCanBe(String format, String compression, String code) {
    ExportRequest request =
        ExportRequest.builder(FileBackend.KIND)
            .parameter("_format", format)
            .parameter("compression", compression)
            .view(VIEW)
            .build();
    assertThat(catchThrowableOfType(ExportRefusedException.class, () -> plan(request)).issues())
        .extracting(issue -> issue.code())
        .containsExactly(code);
  }

  @Test
  void stagingIsNoPlaceForOutputs() {
    ExportRequest request =
        ExportRequest.builder(FileBackend.KIND)
            .parameter("outputPath", "a/.viewexport-staging/b")
            .view(VIEW)
            .build();
    assertThat(catchThrowableOfType(ExportRefusedException.class, () -> plan(request)).issues())
        .extracting(issue -> issue.code())
        .containsExactly("path-not-allowed");
  }

  @Test
  void theExclusionKeyIsThePlaceHoweverWritten() {
    String key = keyOf("a/b");
    assertThat(keyOf("./a/../a/b/")).isEqualTo(key);
    assertThat(keyOf(root + "/a/b")).isEqualTo(key);
    assertThat(keyOf("a")).isNotEqualTo(key);
    assertThat(keyOf("x/".repeat(700))).hasSizeLessThan(100);
  }

  private String keyOf(String path) {
    ExportRequest request =
        ExportRequest.builder(FileBackend.KIND).parameter("outputPath", path).view(VIEW).build();
    return plan(request).views().get(0).exclusionKey();
  }

  @ParameterizedTest
  @CsvSource({
    "patient,patient",
    "Pat-1.x y,Pat-1.x y",
    "..,%2E%2E",
    ".hidden,%2Ehidden",
    "_x,%5Fx",
    "a/b\\c,a%2Fb%5Cc",
    "ä,%C3%A4",
    "100%25,100%2525",
    "end.,end%2E"
  })
  void anOutputsNameNamesAFolder(String name, String folder) {
    assertThat(Layout.folderName(name)).isEqualTo(folder);
  }

  private static ViewRequest view(String name, Map<String, String> parameters, String... key) {
    return new ViewRequest(
        name, VIEW, ViewOptions.builder().mergeKey(List.of(key)).build(), parameters);
  }

  private ExportPlan plan(ExportRequest request) {
    FileBackend backend =
        FileBackend.create(FileBackendConfig.builder().allowedRoots(List.of(root)).build());
    SampleViewSource source = new SampleViewSource().put(VIEW, SampleRows.ofEveryType(1, 1));
    return new ManualJob(request, source).plan(backend);
  }
}
