// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Exports of a table that is changed all the time, each from where the last one says. With {@code
 * -Dviewexport.rounds=200} as many exports.
 */
class IncrementalLoopTest {
  private static final ViewName VIEW = new ViewName("sof", "changing");
  private static final int ROUNDS = Integer.getInteger("viewexport.rounds", 12);
  private static final long SEED = Long.getLong("viewexport.seed", System.nanoTime());

  /** Longer than a round and than the margin. */
  private static final Duration LONGEST = Duration.ofMillis(1500);

  private final DataSource database = TestPostgres.database("incremental");
  private final InMemoryLake lake = new InMemoryLake();
  private int known;

  /** All exports, and one more when nothing is changed any more. */
  private void loop(Function<ExportJob, Optional<Instant>> next) {
    ChangingTable table = ChangingTable.start(database, SEED, LONGEST);
    try (ExportService server = server()) {
      Optional<Instant> since = Optional.empty();
      try (table) {
        for (int round = 0; round < ROUNDS; round++) {
          since = next.apply(export(server, since)).or(keep(since));
        }
      }
      export(server, since);
    }
  }

  private static <T> java.util.function.Supplier<Optional<? extends T>> keep(Optional<T> before) {
    return () -> before;
  }

  private ExportService server() {
    return ExportService.builder()
        .store(InMemoryJobStore.create())
        .source(PostgresViewSource.create(database))
        .backend(new InMemoryBackend(lake))
        .config(ExportConfig.builder().sinceMargin(Duration.ofMillis(500)).build())
        .build();
  }

  private static ExportJob export(ExportService server, Optional<Instant> since) {
    ViewOptions.Builder options =
        ViewOptions.builder().chunkCount(3).mergeMode(MergeMode.UPSERT).timestampColumn("ts");
    since.ifPresent(from -> options.filters(ViewFilters.since(from)));
    ExportJob job =
        server.submit(
            ExportRequest.builder(InMemoryBackend.KIND)
                .view(VIEW)
                .options(options.build())
                .build());
    while (server.runOnce()) {
      assertThat(server.isHealthy()).isTrue();
    }
    ExportJob ended = server.find(job.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    return ended;
  }

  private Set<List<@Nullable Object>> target() {
    return new HashSet<>(lake.target("changing").orElseThrow().rows());
  }

  private Set<List<@Nullable Object>> source() {
    return new HashSet<>(TestRows.read(database, VIEW).rows());
  }

  private Optional<Instant> nextSince(ExportJob job) {
    NextSince next = job.nextSince();
    assertThat(next.instant().isPresent()).isNotEqualTo(next.withheld().isPresent());
    next.withheld().ifPresent(why -> assertThat(why.code()).isEqualTo("prepared-transactions"));
    known += next.instant().isPresent() ? 1 : 0;
    return next.instant();
  }

  @Test
  void aLoopOnNextSinceMissesNothing() {
    loop(this::nextSince);
    assertThat(target()).as("seed " + SEED).isEqualTo(source());
    assertThat(known).as("rounds whose nextSince was known, of " + ROUNDS).isPositive();
  }

  /** What the reference product advises, under the same load: proof that the test can fail. */
  @Test
  void aLoopOnTheEndOfTheLastExportLosesRows() {
    loop(ExportJob::endedAt);
    assertThat(target()).as("seed " + SEED).isNotEqualTo(source());
  }
}
