// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.StoreDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every statement of the store, whatever plan the server makes of it, and when: none reads more
 * pages for the million finished tasks and the hundred thousand finished jobs that are beside what
 * it is about.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatementPlansTest {
  private static final int JOBS = 100_000;
  private static final int TASKS = 1_000_000;

  /** Far more than any statement needs, far less than the tables have. */
  private static final int MOST_PAGES = 1500;

  /** What is about single tasks reads no more however many its job has. */
  private static final Set<String> ABOUT_SINGLE_TASKS =
      Set.of(
          "settle-chunks", "renew", "held-task", "change-task", "ended-lease", "save-checkpoint");

  private static final int MOST_PAGES_FOR_TASKS = 100;

  private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):(\\w+)");
  private static final Pattern PAGES = Pattern.compile("shared (?:hit=(\\d+) ?)?(?:read=(\\d+))?");

  /** Nothing is looked for by these. */
  private static final Set<String> LEFT_OUT =
      Set.of("insert-job", "insert-tasks", "insert-views", "insert-version", "list-jobs");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("job", "'live-3'"),
          Map.entry("jobs", "ARRAY['live-3', 'live-4']"),
          Map.entry("id", "'live-3'"),
          Map.entry("kind", "'memory'"),
          Map.entry("principal", "'p7'"),
          Map.entry("idempotencyKey", "'k7'"),
          Map.entry("trackingId", "'t7'"),
          Map.entry("limit", "10"),
          Map.entry("worker", "'w'"),
          Map.entry("workers", "ARRAY['w', 'w']"),
          Map.entry("type", "'CHUNK'"),
          Map.entry("types", "ARRAY['CHUNK', 'CHUNK']"),
          Map.entry("view", "0"),
          Map.entry("views", "ARRAY[0, 0]"),
          Map.entry("chunk", "1"),
          Map.entry("chunks", "ARRAY[0, 1]"),
          Map.entry("token", "1"),
          Map.entry("tokens", "ARRAY[1, 1]"),
          Map.entry("receipts", "ARRAY['r', 'r']"),
          Map.entry("rows", "ARRAY[1, 1]"),
          Map.entry("bytes", "ARRAY[1, 1]"),
          Map.entry("generations", "ARRAY[0, 0]"),
          Map.entry("nextSinces", "ARRAY['2026-01-31T00:00:00Z', NULL]"),
          Map.entry("nextSince", "'2026-01-31T00:00:00Z'"),
          Map.entry("withheld", "NULL"),
          Map.entry("name", "'n'"),
          Map.entry("nextSinceJson", "'[]'"),
          Map.entry("generation", "0"),
          Map.entry("kinds", "ARRAY['memory']"),
          Map.entry("served", "ARRAY['other']"),
          Map.entry("duty", "'d'"),
          Map.entry("state", "'DONE'"),
          Map.entry("stop", "NULL"),
          Map.entry("ends", "false"),
          Map.entry("inDoubt", "false"),
          Map.entry("jobsPerPrincipal", "2"),
          Map.entry("retentionMillis", "1000"),
          Map.entry("from", "now() - interval '1 day'"),
          Map.entry("before", "now()"),
          Map.entry("lastTime", "now() - interval '1 hour'"),
          Map.entry("lastId", "'old-5'"),
          Map.entry("failure", "NULL"),
          Map.entry("counts", "NULL"),
          Map.entry("outcome", "NULL"),
          Map.entry("location", "NULL"),
          Map.entry("receipt", "NULL"),
          Map.entry("checkpoint", "NULL"));

  private final DataSource database = StoreDatabase.fresh();
  private final Map<String, Prepared> statements = new TreeMap<>();
  private Connection early;

  /** A statement with numbered parameters, and their names. */
  private record Prepared(String sql, List<String> parameters) {}

  /** Prepares everything once while the tables are empty, as servers of a new cluster do. */
  @BeforeAll
  void planOnEmptyTables() throws Exception {
    PostgresJobStore.open(database);
    SqlFiles sql = new SqlFiles(SqlFiles.DEFAULT_SCHEMA);
    Path folder = Path.of(SqlFiles.class.getResource("PostgresJobStore").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString().replace(".sql", ""))
          .filter(name -> !LEFT_OUT.contains(name))
          .forEach(name -> add(name, sql.statement(name)));
    }
    filters()
        .forEach(
            (name, filter) ->
                add(
                    "list-jobs " + name,
                    sql.statement("list-jobs")
                        .replace("<conditions>", JobQueries.conditions(filter))));
    early = connect("force_generic_plan");
    for (String name : statements.keySet()) {
      run(early, "EXPLAIN " + execute(name));
    }
    fill();
  }

  @AfterAll
  void disconnect() throws SQLException {
    early.close();
  }

  private static Map<String, JobFilter> filters() {
    JobFilter.Place place = new JobFilter.Place(Instant.now(), new JobId("old-5"));
    Map<String, JobFilter.Builder> filters = new LinkedHashMap<>();
    filters.put("newest", JobFilter.builder());
    filters.put("principal", JobFilter.builder().principal("p7"));
    filters.put("kind", JobFilter.builder().kind("memory"));
    filters.put("tracked", JobFilter.builder().clientTrackingId("t7"));
    filters.put("failed", JobFilter.builder().states(Set.of(JobState.FAILED)));
    filters.put(
        "unfinished", JobFilter.builder().states(Set.of(JobState.ACCEPTED, JobState.CANCELING)));
    filters.put(
        "unfinished of a principal",
        JobFilter.builder().principal("p7").states(Set.of(JobState.IN_PROGRESS)));
    filters.put("recent", JobFilter.builder().createdFrom(Instant.now()));
    filters.put("old", JobFilter.builder().createdBefore(Instant.now()));
    Map<String, JobFilter> all = new LinkedHashMap<>();
    filters.forEach((name, filter) -> all.put(name, filter.build()));
    all.put("next page", next(JobFilter.NEWEST, place));
    all.put("next page of a principal", next(filters.get("principal").build(), place));
    return all;
  }

  private static JobFilter next(JobFilter filter, JobFilter.Place place) {
    return new JobFilter(
        filter.principal(),
        filter.kind(),
        filter.clientTrackingId(),
        filter.states(),
        filter.createdFrom(),
        filter.createdBefore(),
        Optional.of(place),
        filter.limit());
  }

  private void add(String name, String sql) {
    List<String> parameters = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(sql);
    StringBuilder numbered = new StringBuilder();
    while (matcher.find()) {
      String parameter = matcher.group(1);
      if (!parameters.contains(parameter)) {
        parameters.add(parameter);
      }
      matcher.appendReplacement(numbered, "\\$" + (parameters.indexOf(parameter) + 1));
    }
    matcher.appendTail(numbered);
    statements.put(name, new Prepared(numbered.toString(), parameters));
  }

  private Connection connect(String planCacheMode) throws SQLException {
    Connection connection = database.getConnection();
    run(connection, "SET plan_cache_mode = " + planCacheMode);
    for (Map.Entry<String, Prepared> one : statements.entrySet()) {
      run(connection, "PREPARE " + quoted(one.getKey()) + " AS " + one.getValue().sql());
    }
    return connection;
  }

  private String execute(String name) {
    List<String> parameters = Objects.requireNonNull(statements.get(name)).parameters();
    String values =
        parameters.stream()
            .map(parameter -> value(name, parameter))
            .collect(Collectors.joining(", "));
    return "EXECUTE " + quoted(name) + (parameters.isEmpty() ? "" : " (" + values + ")");
  }

  private static String value(String name, String parameter) {
    if (name.equals("count-plan")) {
      return "'1'";
    }
    String value = VALUES.getOrDefault(parameter, "1");
    return ABOUT_SINGLE_TASKS.contains(name) ? value.replaceAll("live-.", "live-5") : value;
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private void fill() throws SQLException {
    try (Connection connection = database.getConnection()) {
      run(connection, "SET session_replication_role = replica");
      run(
          connection,
          "INSERT INTO viewexport.job (id, kind, principal, client_tracking_id, request,"
              + " snapshot_mode, state, stage, created_at, ended_at, cleaned_at)"
              + " SELECT 'old-' || n, 'memory', 'p' || n % 10, 't' || n % 1000, '{}', 'PER_CHUNK',"
              + " 'COMPLETED', 'CLEANUP', now() - n * interval '1 second', now(), now()"
              + " FROM generate_series(1, "
              + JOBS
              + ") n");
      run(
          connection,
          "INSERT INTO viewexport.task (job_id, type, view, chunk, kind, ordinal, state, token,"
              + " worker, lease_until, receipt)"
              + " SELECT 'old-' || n % "
              + JOBS
              + ", 'CHUNK', 0, n / "
              + JOBS
              + ", 'memory', n / "
              + JOBS
              + ", 'DONE', 1, 'w', now(), 'receipt' FROM generate_series(1, "
              + TASKS
              + ") n");
      run(
          connection,
          "INSERT INTO viewexport.job (id, kind, principal, idempotency_key, request,"
              + " snapshot_mode, state, stage, left_chunk, left_finalize, left_cleanup, admitted)"
              + " SELECT 'live-' || n, 'memory', 'p' || n % 10, 'k' || n, '{}', 'PER_CHUNK',"
              + " CASE WHEN n < 8 THEN 'IN_PROGRESS' ELSE 'ACCEPTED' END, 'CHUNK', 10, 1, 1, n < 15"
              + " FROM generate_series(1, 20) n");
      run(
          connection,
          "INSERT INTO viewexport.task (job_id, type, view, chunk, kind, ordinal, state, token,"
              + " worker, lease_until)"
              + " SELECT 'live-' || n, 'CHUNK', 0, c, 'memory', c,"
              + " CASE WHEN c < 5 THEN 'LEASED' ELSE 'READY' END, 1, 'w', now()"
              + " FROM generate_series(1, 20) n, generate_series(0, 9) c");
      run(
          connection,
          "INSERT INTO viewexport.task (job_id, type, view, chunk, kind, ordinal, state,"
              + " exclusion_key) SELECT 'live-' || n, 'FINALIZE', 0, 0, 'memory', 0, 'READY', 'x'"
              + " || n FROM generate_series(1, 20) n");
      run(
          connection,
          "INSERT INTO viewexport.task (job_id, type, view, chunk, kind, ordinal, state)"
              + " SELECT 'live-5', 'CHUNK', 0, n, 'memory', n, 'DONE'"
              + " FROM generate_series(10, 20000) n");
      run(
          connection,
          "INSERT INTO viewexport.job_view (job_id, view, definition)"
              + " SELECT id, 0, '{}' FROM viewexport.job");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The pages that each statement that reads too many of them reads, with the plan. */
  private Map<String, String> costly(Connection connection) throws SQLException {
    Map<String, String> costly = new TreeMap<>();
    connection.setAutoCommit(false);
    for (String name : statements.keySet()) {
      String plan = plan(connection, name);
      connection.rollback();
      int most = ABOUT_SINGLE_TASKS.contains(name) ? MOST_PAGES_FOR_TASKS : MOST_PAGES;
      if (pages(plan) > most || plan.matches("(?s).*Seq Scan on (task|job|job_view)\\b.*")) {
        costly.put(name, plan);
      }
    }
    connection.setAutoCommit(true);
    return costly;
  }

  private String plan(Connection connection, String name) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) " + execute(name))) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** The first count is that of the whole statement. */
  private static int pages(String plan) {
    Matcher matcher = PAGES.matcher(plan);
    int pages = 0;
    if (matcher.find()) {
      pages += Optional.ofNullable(matcher.group(1)).map(Integer::parseInt).orElse(0);
      pages += Optional.ofNullable(matcher.group(2)).map(Integer::parseInt).orElse(0);
    }
    return pages;
  }

  private Map<String, String> costly(String planCacheMode) throws SQLException {
    try (Connection connection = connect(planCacheMode)) {
      return costly(connection);
    }
  }

  /** But for one that only runs while jobs are held back: see ARCHITECTURE.md section 12. */
  @Test
  @Order(1)
  void plansMadeOnEmptyTablesStayGoodAsTheyGrow() throws Exception {
    Map<String, String> costly = costly(early);
    costly.remove("admit");
    assertThat(costly).isEmpty();
  }

  @Test
  @Order(2)
  void customPlansNeedNoStatistics() throws Exception {
    assertThat(costly("force_custom_plan")).isEmpty();
  }

  @Test
  @Order(3)
  void genericPlansNeedNoStatistics() throws Exception {
    assertThat(costly("force_generic_plan")).isEmpty();
  }

  @Test
  @Order(4)
  void statisticsSpoilNoPlan() throws Exception {
    try (Connection connection = database.getConnection()) {
      run(connection, "ANALYZE");
    }
    assertThat(costly("force_custom_plan")).isEmpty();
    assertThat(costly("force_generic_plan")).isEmpty();
    claimsUseTheirIndexes("force_custom_plan");
    claimsUseTheirIndexes("force_generic_plan");
  }

  private void claimsUseTheirIndexes(String planCacheMode) throws SQLException {
    try (Connection connection = connect(planCacheMode)) {
      connection.setAutoCommit(false);
      assertThat(plan(connection, "claim-oldest")).contains("Index Scan using task_oldest");
      connection.rollback();
      assertThat(plan(connection, "claim-lowest")).contains("Index Scan using task_lowest");
      connection.rollback();
      assertThat(plan(connection, "claim-merges")).contains("task_merges", "task_begun");
      connection.rollback();
      assertThat(plan(connection, "claim-expired")).contains("task_leased");
      connection.rollback();
    }
  }
}
