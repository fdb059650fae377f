// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.FaultyS3.Fault;
import io.viewexport.deltalake.testing.S3Key;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.TestClock;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Whole exports to a bucket, in which one request after the other goes wrong. */
class FaultyBucketTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  /** One request of so many fails in the build; all do with {@code -Dfaulty.step=1}. */
  private static final int STEP = 5;

  private static S3Server server;
  private static S3Storage reader;
  private static int targets;

  private final String name = "t" + targets++;

  @BeforeAll
  static void start() {
    server = S3Server.start();
    S3Config config = BackendOnS3.config(server).build();
    reader = BackendOnS3.storage(server, config, faulty(config, FaultyBucketTest::none));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Optional<Fault> none(int number, SdkHttpRequest request) {
    return Optional.empty();
  }

  private static FaultyS3 faulty(S3Config config, FaultyS3.Plan plan) {
    return BackendOnS3.faulty(config, plan);
  }

  private static ManualJob job(String table) {
    ViewSchema schema = new ViewSchema(List.of(SampleRows.column("id", ColumnType.STRING)));
    return new ManualJob(
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(VIEW)
            .options(ViewOptions.builder().chunkCount(2).build())
            .parameter("tablePath", server.url(table))
            .build(),
        new SampleViewSource().put(VIEW, SampleRows.of(schema, row("a"), row("b"), row("c"))));
  }

  private static List<Map<String, Object>> rows(String table) throws IOException {
    return DeltaRows.read(reader.engine(), server.url(table));
  }

  /** What lies in the bucket below a place, the log apart. */
  private static List<Path> files(String place) throws IOException {
    Path folder = server.folder().resolve(place);
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("_delta_log"))
          .toList();
    }
  }

  /** A step of an export, made again by another attempt while it fails. */
  private interface Step {
    void run();
  }

  /** How often it failed. */
  private static int repeated(Step step) {
    for (int failures = 0; ; failures++) {
      try {
        step.run();
        return failures;
      } catch (ExportException e) {
        assertThat(e.kind()).as(e.message()).isNotEqualTo(FailureKind.PERMANENT);
        assertThat(failures).as(e.message()).isLessThan(2);
      }
    }
  }

  private static int export(ManualJob job, DeltaLakeBackend backend) {
    int failures = repeated(() -> job.setup(backend, 0));
    failures += repeated(() -> job.chunk(backend, 0, 0));
    failures += repeated(() -> job.chunk(backend, 0, 1));
    failures += repeated(() -> job.merge(backend, 0));
    return failures + repeated(() -> job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED));
  }

  /** A backend that loses the answers to commits of data until it is told to stop. */
  private static DeltaLakeBackend losingCommits(Fault fault, AtomicBoolean losing) {
    S3Config config =
        BackendOnS3.config(server).tries(1).commitTimeout(Duration.ofMillis(1)).build();
    FaultyS3 http =
        faulty(
            config,
            (number, request) ->
                losing.get()
                        && request.method() == SdkHttpMethod.PUT
                        && request.encodedPath().endsWith("00000000000000000001.json")
                    ? Optional.of(fault)
                    : Optional.empty());
    return BackendOnS3.create(server, config, http);
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN));
  }

  private static long versions(String table) throws IOException {
    try (Stream<Path> log = Files.list(server.folder().resolve(table + "/_delta_log"))) {
      return log.filter(file -> file.toString().endsWith(".json")).count();
    }
  }

  @Test
  void aMergeThatIsWithdrawnWhileItsCommitMayLandTakesTheVersionFirst() throws IOException {
    AtomicBoolean losing = new AtomicBoolean(true);
    try (DeltaLakeBackend backend = losingCommits(Fault.NOT_SENT, losing)) {
      ManualJob job = job(name).stage(backend);
      assertUnknown(() -> job.merge(backend, 0));
      assertThat(files(name)).as("may be named by the commit").isNotEmpty();
      losing.set(false);

      assertThat(job.withdraw(backend, 0)).isEqualTo(new FinalizeStep.Withdrawn());

      assertThat(versions(name)).isEqualTo(2);
      assertThat(job.withdraw(backend, 0)).isEqualTo(new FinalizeStep.Withdrawn());
      job.cleanUp(backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
      assertThat(versions(name)).as("a known outcome needs no commit").isLessThanOrEqualTo(3);
      assertThat(rows(name)).isEmpty();
      assertThat(files(name)).isEmpty();
    }
  }

  @Test
  void aMergeThatIsWithdrawnAfterItLandedIsDone() throws IOException {
    AtomicBoolean losing = new AtomicBoolean(true);
    try (DeltaLakeBackend backend = losingCommits(Fault.ANSWER_LOST, losing)) {
      ManualJob job = job(name).stage(backend);
      job.merge(backend, 0);

      assertThat(job.withdraw(backend, 0)).isInstanceOf(FinalizeStep.Done.class);
      assertThat(versions(name)).isEqualTo(2);
      assertThat(rows(name)).hasSize(3);
    }
  }

  @Test
  void aCleanUpOfAnUnknownOutcomeSettlesItOnce() throws IOException {
    AtomicBoolean losing = new AtomicBoolean(true);
    try (DeltaLakeBackend backend = losingCommits(Fault.NOT_SENT, losing)) {
      ManualJob job = job(name).stage(backend);
      assertUnknown(() -> job.merge(backend, 0));
      assertUnknown(() -> job.cleanUp(backend, JobState.FAILED, MergeOutcome.UNKNOWN));
      assertThat(files(name + ".viewexport-staging")).isNotEmpty();
      losing.set(false);

      job.cleanUp(backend, JobState.FAILED, MergeOutcome.UNKNOWN);
      job.cleanUp(backend, JobState.FAILED, MergeOutcome.UNKNOWN);

      assertThat(versions(name)).isEqualTo(2);
      assertThat(files(name)).isEmpty();
      assertThat(files(name + ".viewexport-staging")).isEmpty();
    }
  }

  @Test
  void aRetryOfAMergeMakesNoCommitOfItsOwnBesides() throws IOException {
    AtomicBoolean losing = new AtomicBoolean(true);
    try (DeltaLakeBackend backend = losingCommits(Fault.NOT_SENT, losing)) {
      ManualJob job = job(name).stage(backend);
      assertUnknown(() -> job.merge(backend, 0));
      losing.set(false);

      job.merge(backend, 0);

      assertThat(versions(name)).isEqualTo(2);
      assertThat(rows(name)).hasSize(3);
    }
  }

  @Test
  void aStagedChunkIsNotReadBack() {
    S3Config config = BackendOnS3.config(server).build();
    FaultyS3 http = faulty(config, FaultyBucketTest::none);
    try (DeltaLakeBackend backend = BackendOnS3.create(server, config, http)) {
      ManualJob job = job(name);
      job.plan(backend);
      job.setup(backend, 0);
      int before = http.count();

      job.chunk(backend, 0, 0);

      List<String> requests = http.requests().subList(before, http.count());
      assertThat(requests).noneMatch(request -> request.matches("GET .*(parquet|[0-9]\\.json) .*"));
      assertThat(requests).filteredOn(request -> request.startsWith("PUT")).hasSize(2);
      assertThat(requests).hasSizeLessThanOrEqualTo(10);
    }
  }

  @Test
  void credentialsThatExpireMeanwhileAreRenewed() throws IOException {
    TestClock clock = new TestClock(Instant.parse("2030-01-01T00:00:00Z"));
    try (S3Server strict = S3Server.start(clock)) {
      S3Config config =
          BackendOnS3.config(strict).allowedRoots(List.of(strict.url("exports"))).build();
      FaultyS3 http =
          faulty(
              config,
              (number, request) -> {
                clock.advance(Duration.ofSeconds(4));
                return Optional.empty();
              });
      Renewing renewing = new Renewing(strict, clock);
      try (DeltaLakeBackend backend =
          DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
              .s3(config, S3Access.create(config, http), renewing)
              .build()) {
        assertThat(job("exports/t").run(backend)).hasSize(1);
      }
      assertThat(renewing.keys).isGreaterThan(5);
    }
  }

  /** Keys of 10 s, renewed when less than 5 s are left. */
  private static final class Renewing implements AwsCredentialsProvider {
    private final S3Server from;
    private final TestClock clock;
    private S3Key key;
    private int keys;

    Renewing(S3Server from, TestClock clock) {
      this.from = from;
      this.clock = clock;
      this.key = vend(from);
      this.keys = 1;
    }

    private static S3Key vend(S3Server from) {
      return from.vend(
          "exports", Duration.ofSeconds(10), io.viewexport.deltalake.testing.S3Access.READ_WRITE);
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
      if (clock.instant().plusSeconds(5).isAfter(key.expiration())) {
        key = vend(from);
        keys++;
      }
      return AwsSessionCredentials.create(
          key.accessKeyId(), key.secretAccessKey(), key.sessionToken());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_SENT,1",
    "ANSWER_LOST,1",
    "FAILED_AFTER,1",
    "SLOW_DOWN,3",
    "ANSWER_LOST,3",
    "EXPIRED,3"
  })
  void whicheverRequestFailsTheTargetIsAsAfterACleanRun(Fault fault, int tries) throws IOException {
    S3Config config = BackendOnS3.config(server).tries(tries).build();
    int hurt = 0;
    int step = Integer.getInteger("faulty.step", STEP);
    int failing = fault.name().length() % step - step + 1;
    boolean reached = true;
    while (reached) {
      failing += step;
      int number = failing;
      String table = name + fault + tries + "/" + failing;
      FaultyS3 http =
          faulty(
              config, (count, request) -> count == number ? Optional.of(fault) : Optional.empty());
      ManualJob job = job(table);
      job.plan(BackendOnS3.create(server, config, http));
      try (DeltaLakeBackend backend = BackendOnS3.create(server, config, http)) {
        int failures = export(job, backend);
        assertThat(tries == 1 || failures == 0).as("%s", http.requests()).isTrue();
        hurt += failures;
        reached = http.count() >= failing;
      }
      assertThat(rows(table)).as("request %s", failing).hasSize(3);
      assertThat(files(table)).as("request %s", failing).hasSize(2);
      assertThat(files(table + ".viewexport-staging")).as("request %s", failing).isEmpty();
    }
    assertThat(failing).isGreaterThan(20);
    assertThat(hurt > 0).isEqualTo(tries == 1);
  }
}
