// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.deltalake.testing.S3Key;
import io.viewexport.deltalake.testing.SimpleLogs;
import io.viewexport.deltalake.testing.SourceDatabase;
import io.viewexport.deltalake.testing.workspace.Fault.Moment;
import io.viewexport.deltalake.testing.workspace.StatementFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that share a job store, and export from PostgreSQL to tables of a workspace. */
class ManagedServiceTest {
  private static final String ROW_VALUE = "planted-row-value-4411";
  private static final String KEY_VALUE = "planted-key-value-9922";
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final ManagedLab lab = new ManagedLab();
  private final String schema = SourceDatabase.newSchema();
  private final String storeSchema = schema + "_jobs";
  private final List<Server> servers = new ArrayList<>();

  @BeforeEach
  void makeViews() {
    SourceDatabase.execute(
        "create view "
            + schema
            + ".patient as select '"
            + KEY_VALUE
            + "' || g as id, '"
            + ROW_VALUE
            + "' as name from generate_series(1, 300) g",
        "create view "
            + schema
            + ".twice as select '"
            + KEY_VALUE
            + "' as id, '"
            + ROW_VALUE
            + "' as name from generate_series(1, 3) g");
  }

  @AfterEach
  void close() {
    servers.forEach(Server::close);
    lab.close();
  }

  /** A server of several. */
  private final class Server implements AutoCloseable {
    private final JobStore store = PostgresJobStore.open(SourceDatabase.dataSource(), storeSchema);
    private final ExportBackend backend = lab.backend();
    private final ExportService service =
        ExportService.builder()
            .store(store)
            .source(PostgresViewSource.create(SourceDatabase.dataSource()))
            .backend(backend)
            .config(
                ExportConfig.builder()
                    .workerSlots(2)
                    .leaseDuration(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(40))
                    .cleanupGrace(Duration.ofMillis(300))
                    .shutdownGrace(Duration.ofSeconds(1))
                    .build())
            .build();

    Server() {
      servers.add(this);
    }

    Server start() {
      service.start();
      return this;
    }

    @Override
    public void close() {
      service.close();
      try {
        backend.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      store.close();
    }
  }

  private ExportRequest request(String view, String table) {
    return ExportRequest.builder(DeltaLakeBackend.KIND)
        .view(new ViewName(schema, view))
        .options(ViewOptions.builder().chunkCount(2).mergeKey(List.of("id")).build())
        .parameter("tableName", lab.workspace.tableName(table))
        .build();
  }

  private static ExportJob ended(Server server, JobId id) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      ExportJob job = server.service.find(id).orElseThrow();
      if (job.state().isFinal()
          && job.cleanup() != CleanupState.OPEN
          && job.cleanup() != CleanupState.NOT_DUE) {
        return job;
      }
      assertThat(System.nanoTime() - end).as("%s", job).isNegative();
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void aServerThatIsClosedWhileItsMergeRunsIsReplacedByAnother() throws Exception {
    lab.workspace.createTarget("patient", "id STRING, name STRING, is_deleted INT");
    StatementFault held = StatementFault.holding("MERGE INTO", Moment.BEFORE_EFFECT);
    lab.workspace.warehouse().inject(held);
    Server one = new Server().start();
    JobId id = one.service.submit(request("patient", "patient")).id();
    held.awaitReached();
    Server two = new Server();
    one.close();
    servers.remove(one);
    two.start();
    held.release();

    ExportJob job = ended(two, id);

    assertThat(job.state()).as("%s", job.failure()).isEqualTo(JobState.COMPLETED);
    assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(lab.table("patient", "count(*), count(DISTINCT id)"))
        .containsExactly(List.of("300", "300"));
    assertThat(lab.merges("patient")).isEqualTo(1);
    lab.assertNothingStaged();
  }

  @Test
  void noSecretAndNoRowValueIsWrittenDown() {
    lab.workspace.createTarget("patient", "id STRING");
    String logged;
    List<ExportJob> jobs = new ArrayList<>();
    try (SimpleLogs logs = new SimpleLogs()) {
      Server server = new Server().start();
      jobs.add(ended(server, server.service.submit(request("patient", "patient")).id()));
      jobs.add(ended(server, server.service.submit(request("twice", "patient")).id()));
      logged = logs.text();
    }

    assertThat(jobs)
        .extracting(ExportJob::state)
        .containsExactly(JobState.COMPLETED, JobState.FAILED);
    assertThat(logged).contains("io.viewexport");
    Set<String> secrets = secrets();
    assertNone(secrets, "logs", logged);
    assertNone(secrets, "jobs", jobs.toString());
    assertNone(secrets, "the job store", storeText());
    assertNone(secrets, "SQL", String.join("\n", lab.workspace.warehouse().submitted()));
    assertNone(secrets, "tags and comments", lab.workspace.warehouse().tagged().toString());
    assertNone(secrets, "calls", lab.workspace.calls().toString());
    assertNone(secrets, "staging tables", lab.workspace.registrations().toString());
    assertNone(secrets, "keys of objects", lab.s3.written().toString());
    assertNone(secrets, "outputs", jobs.stream().map(ExportJob::outputs).toList().toString());
    assertNone(secrets, "the target's history", history("patient"));
    assertThat(lab.table("patient", "id").toString()).contains(KEY_VALUE);
  }

  /** What must be nowhere, the keys that were vended meanwhile included. */
  private Set<String> secrets() {
    Set<String> secrets = new TreeSet<>(Set.of(ManagedLab.SECRET, ROW_VALUE, KEY_VALUE));
    secrets.addAll(lab.workspace.tokens().values());
    for (S3Key key : lab.workspace.credentials().vended()) {
      secrets.add(key.secretAccessKey());
      secrets.add(key.sessionToken());
    }
    assertThat(secrets).hasSizeGreaterThan(6);
    return secrets;
  }

  private static void assertNone(Set<String> secrets, String where, String text) {
    assertThat(text).as(where).isNotEmpty();
    for (String secret : secrets) {
      Optional<String> line = text.lines().filter(one -> one.contains(secret)).findFirst();
      assertThat(line).as(where).isEmpty();
    }
  }

  /** What the table's log says of each of its versions. */
  private String history(String table) {
    return lab.workspace.rows("DESCRIBE HISTORY " + lab.workspace.tableName(table)).toString();
  }

  /** All that the job store holds, as text. */
  private String storeText() {
    StringBuilder text = new StringBuilder();
    for (List<String> table :
        SourceDatabase.query(
            "select table_name from information_schema.tables where table_schema = '"
                + storeSchema
                + "'")) {
      text.append(table).append('\n');
      SourceDatabase.query("select t::text from " + storeSchema + ".\"" + table.get(0) + "\" t")
          .forEach(row -> text.append(row).append('\n'));
    }
    assertThat(text.toString()).contains(lab.workspace.tableName("patient"));
    return text.toString();
  }
}
