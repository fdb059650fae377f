// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A bucket holds, for Spark, what a folder does after the same exports, though answers are lost.
 */
class BucketTargetsTest {
  private static final int LOST = 7;
  private static final List<String> COLUMNS =
      List.of("id", "ts", "n", "name", "amount", "day", "is_deleted");

  @TempDir Path folder = Path.of("");
  private S3Server server;
  private ExportLab onFiles;
  private ExportLab onS3;
  private String schema = "";

  @BeforeEach
  void start() {
    schema = SourceDatabase.newSchema();
    server = S3Server.start();
    onFiles = ExportLab.open(folder, schema);
    onS3 = ExportLab.open(server, schema, BucketTargetsTest::fault);
    SourceDatabase.execute(
        "create table "
            + schema
            + ".v as select 'Ä' || n as id, timestamptz '2024-01-01' + n * interval '1 second' as"
            + " ts, n, case when n % 3 = 0 then null else 'name ' || n end as name,"
            + " n::numeric(20,4) / 7 as amount, date '1969-12-01' + n as day from"
            + " generate_series(1, 900) r(n)");
  }

  @AfterEach
  void stop() {
    onFiles.close();
    onS3.close();
    server.close();
  }

  /** The answer to one write of so many is lost. */
  private static Optional<FaultyS3.Fault> fault(int number, SdkHttpRequest request) {
    return number % LOST == 0 && request.method() == SdkHttpMethod.PUT
        ? Optional.of(FaultyS3.Fault.ANSWER_LOST)
        : Optional.empty();
  }

  @ParameterizedTest
  @EnumSource(MergeMode.class)
  void bothHoldTheSame(MergeMode mode) throws Exception {
    export(mode);
    SourceDatabase.execute(
        "update " + schema + ".v set ts = ts + interval '1 day', n = -n where n % 3 = 1",
        "delete from " + schema + ".v where n % 5 = 0",
        "insert into "
            + schema
            + ".v select 'new' || n, now(), n, '', 1, null from "
            + "generate_series(1, 100) r(n)");
    export(mode);

    SparkOracle spark = SparkOracle.shared();
    String digest = spark.digest(onS3.table("t"), COLUMNS);
    assertThat(digest).isEqualTo(spark.digest(onFiles.table("t"), COLUMNS));
    assertThat(digest).startsWith(rows(mode) + " rows, ");
    try (Stream<Path> left = Files.list(server.folder())) {
      assertThat(left).containsExactly(server.folder().resolve("t"));
    }
  }

  private void export(MergeMode mode) {
    onFiles.exported("v", "t", mode);
    onS3.exported("v", "t", mode);
  }

  /** Of 900 rows 180 went, 240 of the rest are newer, and 100 came. */
  private static int rows(MergeMode mode) {
    return switch (mode) {
      case INSERT, UPSERT, REPLACE -> 1000;
      case HISTORY -> 1240;
    };
  }
}
