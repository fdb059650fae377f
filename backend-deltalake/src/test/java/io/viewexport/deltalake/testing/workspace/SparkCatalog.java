// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.oracle.SparkOracleException;
import io.viewexport.deltalake.oracle.SqlResult;
import io.viewexport.deltalake.testing.S3Server;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The tables that Spark knows; those on S3 lie for it in the bucket's folder. */
final class SparkCatalog {
  /** The one catalog whose name Spark takes before a schema's. */
  static final String NAME = "spark_catalog";

  private final SparkOracle spark;
  private final S3Server s3;

  SparkCatalog(SparkOracle spark, S3Server s3) {
    this.spark = spark;
    this.s3 = s3;
  }

  SparkOracle spark() {
    return spark;
  }

  /** SQL with the places on S3 that it names turned into folders. */
  String localized(String sql) {
    return sql.replaceAll("\\bs3a?://" + S3Server.BUCKET + "/", s3.folder().toUri().toString());
  }

  Path folder(String url) {
    return s3.folder().resolve(key(url));
  }

  static String key(String url) {
    String path = URI.create(url).getPath().substring(1);
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Whether there is a table yet in this place: a registered one is empty at first. */
  boolean holdsTable(String url) {
    return Files.isDirectory(folder(url).resolve("_delta_log"));
  }

  void register(TableName name, String url) {
    spark.execute(
        "CREATE TABLE IF NOT EXISTS "
            + name.sql()
            + " USING delta LOCATION '"
            + folder(url).toUri()
            + "'");
  }

  void drop(TableName name) {
    spark.execute("DROP TABLE IF EXISTS " + name.sql());
  }

  boolean hasSchema(String catalog, String schema) {
    return catalog.equalsIgnoreCase(NAME)
        && spark.query("SHOW SCHEMAS IN " + SparkOracle.quote(NAME)).stream()
            .anyMatch(row -> schema.equalsIgnoreCase(row.get(0)));
  }

  /** What Spark knows of a table; empty where it knows none. */
  Optional<SparkTable> find(TableName name) {
    try {
      List<String> detail =
          spark.query("DESCRIBE DETAIL " + name.sql()).get(0).stream()
              .map(cell -> Objects.requireNonNullElse(cell, ""))
              .toList();
      SqlResult empty =
          spark.submit("SELECT * FROM " + name.sql() + " LIMIT 0", List.of()).result().join();
      return Optional.of(new SparkTable(detail.get(1), s3Url(detail.get(4)), empty.columns()));
    } catch (SparkOracleException e) {
      return absent(e);
    } catch (CompletionException e) {
      return absent((SparkOracleException) Objects.requireNonNull(e.getCause()));
    }
  }

  private static Optional<SparkTable> absent(SparkOracleException e) {
    if (e.error().filter(error -> error.sqlState().equals("42P01")).isPresent()
        || e.error().filter(error -> error.sqlState().equals("42704")).isPresent()) {
      return Optional.empty();
    }
    throw e;
  }

  /** The URL on S3 of a folder in the bucket's, empty text for another. */
  private String s3Url(String location) {
    String bucket = s3.folder().toUri().getPath();
    String path = URI.create(location).getPath();
    return path.startsWith(bucket) ? s3.url(path.substring(bucket.length())) : "";
  }

  /**
   * A table of Spark's.
   *
   * @param url of an external one; empty text for a managed one
   */
  record SparkTable(String id, String url, List<SqlResult.Column> columns) {}
}
