// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.S3Server;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace on loopback.
 *
 * <p>One catalog, {@link #CATALOG}; in it a schema of this workspace's own and its sibling for
 * staging; one warehouse, {@link #WAREHOUSE_ID}; one external location on the S3. A client that was
 * {@link Tokens#addClient added} may do everything until {@link Grants#revoke} says otherwise. Safe
 * for use by many threads.
 */
public final class WorkspaceSimulator implements AutoCloseable {
  /** The catalog, named as Spark's own. */
  public static final String CATALOG = SparkCatalog.NAME;

  /** The SQL warehouse. */
  public static final String WAREHOUSE_ID = "0123456789abcdef";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String schema =
      "fhir" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
  private final SparkOracle spark;
  private final S3Server s3;
  private final HttpFront front;
  private final Tokens tokens;
  private final UnityCatalog catalog;
  private final Faults faults = new Faults();
  private final Grants grants = new Grants();
  private final CredentialVending credentials;
  private final Warehouse warehouse;
  private final QueryHistory history;

  private WorkspaceSimulator(S3Server s3, SparkOracle spark, Clock clock) {
    this.spark = spark;
    this.s3 = s3;
    this.tokens = new Tokens(clock);
    this.front = new HttpFront(clock, faults, tokens);
    SparkCatalog tables = new SparkCatalog(spark, s3);
    this.catalog = new UnityCatalog(tables, grants, externalLocation());
    this.credentials = new CredentialVending(s3, catalog, grants);
    this.warehouse = new Warehouse(clock, tables, catalog, new SqlGrants(grants));
    this.history = new QueryHistory(clock, warehouse);
    List<Endpoint> endpoints = new ArrayList<>(tokens.endpoints(front.url()));
    endpoints.addAll(catalog.endpoints());
    endpoints.addAll(credentials.endpoints());
    endpoints.addAll(new StatementApi(warehouse, grants).endpoints());
    endpoints.addAll(history.endpoints());
    spark.execute("CREATE SCHEMA " + schemaName(schema()));
    spark.execute("CREATE SCHEMA " + schemaName(stagingSchema()));
    front.start(endpoints);
  }

  /**
   * Starts one; the caller closes it, and then the S3.
   *
   * @param clock decides what has expired, and how long the warehouse stays cold
   */
  public static WorkspaceSimulator start(S3Server s3, SparkOracle spark, Clock clock) {
    return new WorkspaceSimulator(s3, spark, clock);
  }

  /** Where clients find it. */
  public URI url() {
    return URI.create(front.url());
  }

  /** The schema for targets. */
  public String schema() {
    return schema;
  }

  /** The schema for staging. */
  public String stagingSchema() {
    return schema + "_staging";
  }

  /** The full name of a table in the schema for targets, without quotes. */
  public String tableName(String table) {
    return CATALOG + "." + schema + "." + table;
  }

  /** The external location; tables lie below it, not in it. */
  public String externalLocation() {
    return s3.url("external");
  }

  /**
   * Creates a managed table in the schema for targets.
   *
   * @param columns as SQL writes them, such as {@code id STRING, is_deleted INT}
   * @return its full name
   */
  public String createTarget(String table, String columns) {
    execute("CREATE TABLE " + tableName(table) + " (" + columns + ") USING delta");
    return tableName(table);
  }

  /** Runs SQL past the API, without counting as a call. */
  public void execute(String sql) {
    spark.execute(sql);
  }

  /** Reads past the API; cells as {@link SparkOracle#query} gives them. */
  public List<List<@Nullable String>> rows(String sql) {
    return spark.query(sql);
  }

  /** The tables that were registered over REST and not deleted. */
  public List<String> registeredTables() {
    return catalog.registered();
  }

  /** The bodies of all calls that registered tables: names, places, columns. */
  public List<String> registrations() {
    return catalog.asked();
  }

  /** Takes a registered table away, past the API. */
  public void unregister(String table) {
    catalog.forget(TableName.parse(table));
  }

  /** Who is let in. */
  public Tokens tokens() {
    return tokens;
  }

  /** What each client may do. */
  public Grants grants() {
    return grants;
  }

  /** The keys for the S3. */
  public CredentialVending credentials() {
    return credentials;
  }

  /** What runs SQL. */
  public Warehouse warehouse() {
    return warehouse;
  }

  /** The list of statements. */
  public QueryHistory history() {
    return history;
  }

  /** What goes wrong with calls. */
  public Faults faults() {
    return faults;
  }

  /** The calls that came so far, in the order of their answers. */
  public List<Call> calls() {
    return front.calls();
  }

  /** The calls of one endpoint. */
  public List<Call> calls(String method, String pathPattern) {
    return calls().stream()
        .filter(call -> call.method().equals(method) && call.path().matches(pathPattern))
        .toList();
  }

  /** Ends it and drops its tables. */
  @Override
  public void close() {
    front.close();
    warehouse.close();
    spark.execute("DROP SCHEMA " + schemaName(schema()) + " CASCADE");
    spark.execute("DROP SCHEMA " + schemaName(stagingSchema()) + " CASCADE");
  }

  private static String schemaName(String schema) {
    return SparkOracle.quote(CATALOG) + "." + SparkOracle.quote(schema);
  }
}
