// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SparkStatementTest {
  /** Some minutes' work. */
  private static final String LONG = "SELECT sum(sqrt(id)) FROM range(0, 100000000000, 1, 1)";

  private final SparkOracle spark = SparkOracle.shared();

  @Test
  void castsParametersAndTellsColumns() {
    SqlResult result =
        spark
            .submit(
                "SELECT :text AS t, :day + INTERVAL 1 DAY AS d, :at AS at, :none AS n,"
                    + " :number AS i",
                List.of(
                    new SqlParameter("text", "it's :day", "STRING"),
                    new SqlParameter("day", "0001-02-28", "DATE"),
                    new SqlParameter("at", "1500-01-01 01:02:03.000001", "TIMESTAMP"),
                    new SqlParameter("none", null, "STRING"),
                    new SqlParameter("number", "7", "BIGINT")))
            .result()
            .join();

    assertThat(result.rows())
        .containsExactly(
            Arrays.<@Nullable String>asList(
                "it's :day", "0001-03-01", "1500-01-01 01:02:03.000001", null, "7"));
    assertThat(result.columns())
        .startsWith(new SqlResult.Column("t", "STRING", "\"string\"", false))
        .extracting(SqlResult.Column::type)
        .containsExactly("STRING", "DATE", "TIMESTAMP", "VOID", "BIGINT");
  }

  @Test
  void namesTheClassAndTheStateOfWhatFailed() {
    SparkError error = failure(spark.submit("SELECT nothing", List.of())).error().orElseThrow();

    assertThat(error.errorClass()).isEqualTo("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
    assertThat(error.sqlState()).isEqualTo("42703");
    assertThat(error.message()).startsWith("[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION]");
  }

  @Test
  void runsStatementsBesideEachOtherAndStopsOne() {
    SparkStatement slow = spark.submit(LONG, List.of());

    assertThat(spark.query("SELECT 1")).containsExactly(List.of("1"));
    assertThat(slow.result()).isNotDone();
    slow.cancel();

    assertThat(failure(slow).error().orElseThrow().errorClass()).isEqualTo("SPARK_JOB_CANCELLED");
    slow.cancel();
    assertThat(spark.query("SELECT 1")).containsExactly(List.of("1"));
  }

  @Test
  void failsWhatIsOpenWhenItEnds() {
    SparkOracle own = SparkOracle.start();
    SparkStatement slow = own.submit(LONG, List.of());

    own.close();

    assertThat(failure(slow)).hasMessageContaining("has ended");
    assertThatThrownBy(() -> own.query("SELECT 1")).isInstanceOf(SparkOracleException.class);
  }

  private static SparkOracleException failure(SparkStatement statement) {
    return assertThatThrownBy(() -> statement.result().orTimeout(120, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .extracting(Throwable::getCause)
        .isInstanceOf(SparkOracleException.class)
        .extracting(SparkOracleException.class::cast)
        .actual();
  }
}
