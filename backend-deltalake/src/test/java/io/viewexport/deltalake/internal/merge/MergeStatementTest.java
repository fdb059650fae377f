// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.schema.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is rendered, held against files beside this class's name in the resources. */
class MergeStatementTest {
  private static final TableName TARGET = new TableName("main", "fhir", "patient");
  private static final List<TableName> STAGED =
      List.of(
          new TableName("main", "fhir_staging", "v0_c0_a1"),
          new TableName("main", "fhir_staging", "v0_c1_a2"),
          new TableName("main", "fhir_staging", "v0_c2_a1"));
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("id", ColumnType.STRING),
          column("part", ColumnType.INT),
          column("odd`name", ColumnType.FLOAT),
          column("ts", ColumnType.TIMESTAMP));
  private static final WarehouseTarget TABLE =
      table(
          "ID string",
          "own string",
          "part bigint",
          "odd`name double",
          "ts timestamp",
          "is_deleted int");

  private static WarehouseTarget table(String... columns) {
    List<WarehouseTarget.Column> all = new ArrayList<>();
    for (String column : columns) {
      String[] words = column.split(" ", 2);
      all.add(new WarehouseTarget.Column(words[0], words[1], true));
    }
    return new WarehouseTarget(TARGET, all);
  }

  private static MergeSpec spec(MergeMode mode) {
    List<String> key =
        mode == MergeMode.HISTORY ? List.of("id", "part", "ts") : List.of("id", "part");
    return new MergeSpec(TARGET.toString(), VIEW, mode, key, Optional.of("ts"));
  }

  @ParameterizedTest
  @EnumSource
  void rendersTheMerge(MergeMode mode) throws IOException {
    SqlStatement statement =
        MergeStatement.render(spec(mode), WarehouseMatch.of(VIEW, TABLE), STAGED, 12_345L);
    assertGolden("merge-" + mode.code(), statement.text());
    assertThat(statement.parameters())
        .containsExactly(new SqlStatement.Parameter("until", "BIGINT", "12345"));
  }

  @ParameterizedTest
  @EnumSource
  void rendersTheChecks(MergeMode mode) throws IOException {
    SqlStatement statement =
        CheckStatement.render(
            spec(mode), WarehouseMatch.of(VIEW, TABLE), STAGED, CheckStatement.Sampling.FEW_KEYS);
    assertGolden("check-" + mode.code(), statement.text());
  }

  @Test
  void rendersNewColumns() throws IOException {
    WarehouseMatch match = WarehouseMatch.of(VIEW, table("id string"));
    assertGolden("add-columns", TargetDdl.addColumns(TARGET, match.missing()).text());
  }

  private static void assertGolden(String name, String text) throws IOException {
    try (InputStream in = MergeStatementTest.class.getResourceAsStream("sql/" + name + ".sql")) {
      String golden = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text + "\n").isEqualTo(golden);
    }
  }

  @Test
  void namesThatCanNotBeQuotedAreRefused() {
    assertThat(SqlNames.quote("a`; DROP TABLE x --")).isEqualTo("`a``; DROP TABLE x --`");
    assertThatIllegalArgumentException().isThrownBy(() -> SqlNames.quote("a\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> SqlNames.quote("\u0085"));
    assertThatIllegalArgumentException().isThrownBy(() -> SqlNames.quote(""));
    assertThatIllegalArgumentException().isThrownBy(() -> TableName.parse("a.b"));
    assertThatIllegalArgumentException().isThrownBy(() -> TableName.parse("a..c"));
    assertThatIllegalArgumentException().isThrownBy(() -> TableName.parse("a.b.c\td"));
    assertThat(TableName.parse("a.b.c`d").sql()).isEqualTo("`a`.`b`.`c``d`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string|true",
        "STRING|true",
        "varchar(10)|false",
        "string collate UTF8_LCASE|false",
        "array<string>|false",
        "binary|false"
      })
  void textGoesToText(String type, boolean fits) {
    LakeSchema view = MergeLab.view(column("id", ColumnType.STRING));
    assertThat(WarehouseMatch.of(view, table("id " + type, "is_deleted int")).problems().isEmpty())
        .isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int|true",
        "bigint|true",
        "double|true",
        "decimal(10,0)|true",
        "decimal(9,0)|false",
        "decimal(38, 2)|true",
        "smallint|false",
        "float|false",
        "string|false"
      })
  void whatLosesNothingFits(String type, boolean fits) {
    LakeSchema view = MergeLab.view(column("n", ColumnType.INT));
    WarehouseMatch match = WarehouseMatch.of(view, table("n " + type, "is_deleted int"));
    assertThat(match.problems().isEmpty()).isEqualTo(fits);
    if (!fits) {
      assertThat(match.problems().get(0))
          .startsWith("Column \"n\" is of type ")
          .contains("the view's of type INT");
    }
  }

  @Test
  void requiredColumnsThatAreNotStagedAreNamed() {
    WarehouseTarget target =
        new WarehouseTarget(
            TARGET,
            List.of(
                new WarehouseTarget.Column("id", "string", false),
                new WarehouseTarget.Column("own", "string", false)));
    LakeSchema view = MergeLab.view(column("id", ColumnType.STRING));
    assertThat(WarehouseMatch.of(view, target).problems())
        .singleElement()
        .asString()
        .contains("\"own\"");
  }

  @Test
  void aStatementStaysBelowItsLimit() {
    assertThat(MergeStatement.maxChunks(spec(MergeMode.REPLACE))).isEqualTo(1000);
    io.viewexport.api.view.ViewColumn[] columns = new io.viewexport.api.view.ViewColumn[3000];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column("`".repeat(50) + i, ColumnType.FLOAT);
    }
    LakeSchema wide = MergeLab.view(columns);
    String key = columns[0].name();
    MergeSpec spec = new MergeSpec("t", wide, MergeMode.REPLACE, List.of(key), Optional.empty());
    List<WarehouseTarget.Column> target =
        wide.columns().stream()
            .map(column -> new WarehouseTarget.Column(column.name(), "double", true))
            .toList();
    int most = MergeStatement.maxChunks(spec);
    TableName longest = new TableName("`".repeat(255), "`".repeat(255), "t");
    String text =
        new MergeStatementText(spec, new WarehouseTarget(longest, target), longest, most).text();
    assertThat(most).isBetween(10, 999);
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(16 << 20);
  }

  private record MergeStatementText(
      MergeSpec spec, WarehouseTarget target, TableName staged, int tables) {
    String text() {
      List<WarehouseTarget.Column> columns = new ArrayList<>(target.columns());
      columns.set(columns.size() - 1, new WarehouseTarget.Column("is_deleted", "int", true));
      WarehouseMatch match =
          WarehouseMatch.of(spec.schema(), new WarehouseTarget(target.name(), columns));
      return MergeStatement.render(spec, match, java.util.Collections.nCopies(tables, staged), 1)
          .text();
    }
  }
}
