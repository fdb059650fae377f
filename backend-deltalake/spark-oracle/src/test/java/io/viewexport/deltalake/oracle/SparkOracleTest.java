// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkOracleTest {
  private final SparkOracle spark = SparkOracle.shared();

  @Test
  void readsBackWhatItWrote(@TempDir Path folder) {
    Path path = folder.resolve("a table");
    spark.execute(
        "CREATE TABLE "
            + SparkOracle.table(path)
            + " (id STRING, `odd.name` DECIMAL(10, 2), day DATE, at TIMESTAMP, raw BINARY, ok"
            + " BOOLEAN) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
    spark.execute(
        "INSERT INTO "
            + SparkOracle.table(path)
            + " VALUES ('ä\t\n', 1.5, DATE'0001-01-01', TIMESTAMP'1582-10-10 01:02:03.000001',"
            + " X'00FF', true), (NULL, NULL, NULL, NULL, NULL, NULL), ('gone', 0, NULL, NULL, X'',"
            + " false)");
    spark.execute("DELETE FROM " + SparkOracle.table(path) + " WHERE id = 'gone'");

    assertThat(spark.query("SELECT * FROM " + SparkOracle.table(path) + " ORDER BY id"))
        .containsExactly(
            Arrays.asList(null, null, null, null, null, null),
            List.of("ä\t\n", "1.50", "0001-01-01", "1582-10-10 01:02:03.000001", "00FF", "true"));
    assertThat(spark.count(path)).isEqualTo(2);
    assertThat(spark.schema(path))
        .containsExactly(
            "id STRING",
            "odd.name DECIMAL(10,2)",
            "day DATE",
            "at TIMESTAMP",
            "raw BINARY",
            "ok BOOLEAN");
  }

  @Test
  void digestTellsContentsNotOrder() {
    String rows = digest("VALUES (1, 'a'), (2, NULL), (2, NULL)");

    assertThat(digest("VALUES (2, NULL), (1, 'a'), (2, NULL)")).isEqualTo(rows);
    assertThat(digest("VALUES (1, 'a'), (2, NULL)")).isNotEqualTo(rows);
    assertThat(digest("VALUES (1, 'a'), (2, NULL), (1, 'a')")).isNotEqualTo(rows);
    assertThat(digest("SELECT 'a', cast(NULL AS string)"))
        .isNotEqualTo(digest("SELECT cast(NULL AS string), 'a'"));
  }

  @Test
  void givesSparksWordsForWhatItRefuses() {
    assertThatThrownBy(() -> spark.query("SELECT nothing"))
        .isInstanceOf(SparkOracleException.class)
        .hasMessageContaining("UNRESOLVED_COLUMN");
    assertThat(spark.query("SELECT 1")).containsExactly(List.of("1"));
  }

  private String digest(String query) {
    return spark.digestOf("(" + query + ") AS t (x, y)", List.of("x", "y"));
  }
}
