// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.testing.RowComparison;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flat views over FHIR resources, every value compared between PostgreSQL and Spark.
 *
 * <p>With resources of one's own, one file or many, one type or many:
 *
 * <pre>{@code
 * mvn -pl backend-deltalake -am test -Dtest=FhirResourcesTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dviewexport.fhir.folder=/data/ndjson
 * }</pre>
 */
class FhirResourcesTest {
  private static final List<String> VIEWS =
      List.of("patient_flat", "patient_name", "observation_flat", "condition_flat");

  @TempDir Path folder = Path.of("");
  private String schema = "";

  @BeforeEach
  void makeViews() throws IOException {
    schema = SourceDatabase.newSchema();
    SourceDatabase.execute(resource("fhir-views.sql").replace("sof.", schema + "."));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = FhirResourcesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void load(List<String> lines) {
    SourceDatabase.executeEach(
        "insert into "
            + schema
            + ".resource select r ->> 'resourceType', r ->> 'id', r"
            + " from (select ?::jsonb as r) s",
        lines.stream().filter(line -> !line.isBlank()).toList());
  }

  private int compareAll() {
    int rows = 0;
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      for (String view : VIEWS) {
        // A patient has several names: only replace takes a key several times.
        lab.exported(
            view, view, view.equals("patient_name") ? MergeMode.REPLACE : MergeMode.INSERT);
        rows += RowComparison.assertSame(schema + "." + view, lab.table(view));
      }
    }
    return rows;
  }

  @Test
  void handwrittenResourcesArriveWholly() throws IOException {
    load(resource("resources.ndjson").lines().toList());
    assertThat(compareAll()).isEqualTo(5 + 7 + 8 + 3);
  }

  @Test
  @EnabledIfSystemProperty(named = "viewexport.fhir.folder", matches = ".+")
  void resourcesOfAFolderArriveWholly() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("viewexport.fhir.folder")))) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".ndjson")).toList();
      for (Path file : new ArrayList<>(all)) {
        load(Files.readAllLines(file));
      }
    }
    int rows = compareAll();
    System.out.println(rows + " rows compared");
    assertThat(rows).isPositive();
  }
}
