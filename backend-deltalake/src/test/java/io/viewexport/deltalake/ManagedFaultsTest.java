// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.workspace.ApiError;
import io.viewexport.deltalake.testing.workspace.Call;
import io.viewexport.deltalake.testing.workspace.Fault;
import io.viewexport.deltalake.testing.workspace.Fault.Moment;
import io.viewexport.deltalake.testing.workspace.Fault.Silence;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Every remote call of a managed export fails in turn. Nobody lists the calls: each step of the job
 * is attempted until an attempt has fewer calls than the number of the one that is to fail.
 *
 * <p>In each build every other call fails, in ways that take turns; each call in each way by hand.
 */
class ManagedFaultsTest {
  private static final String COLUMNS = "id, name, is_deleted";
  private static final Pattern PHASE =
      Pattern.compile("START|CHECKING|ALTERING|READY|SUBMITTING|MERGING");

  /** That a step makes. */
  private static final int MOST_CALLS = 40;

  private static final String ANY = "GET|POST|PUT|DELETE|PATCH";

  /** What every step together has to call, or this test sees less than it should. */
  private static final Set<String> ENDPOINTS =
      Set.of(
          "POST /oidc/v1/token",
          "GET /unity-catalog/tables",
          "POST /unity-catalog/tables",
          "DELETE /unity-catalog/tables",
          "GET /unity-catalog/schemas",
          "POST /unity-catalog/temporary-table-credentials",
          "POST /sql/statements",
          "GET /sql/statements");

  private static final ManagedLab LAB = new ManagedLab();
  private static List<List<String>> clean = List.of();
  private static int targets;

  private String target = "";

  @BeforeAll
  static void exportWithoutFaults() {
    LAB.workspace.createTarget("clean", "id STRING");
    LAB.rows(
        SampleRows.of(
            new ViewSchema(
                List.of(column("id", ColumnType.STRING), column("name", ColumnType.STRING))),
            row("a", "Ann"),
            row("b", null),
            row("c", "Cäsar")));
    ExportBackend backend = LAB.backend();
    LAB.export(backend, LAB.job("clean"));
    clean = LAB.table("clean", COLUMNS);
    assertThat(clean).hasSize(3);
  }

  @AfterAll
  static void close() {
    LAB.close();
  }

  @BeforeEach
  void prepare() {
    target = "t" + ++targets;
    LAB.workspace.createTarget(target, "id STRING");
  }

  @AfterEach
  void heal() {
    LAB.workspace.faults().clear();
  }

  /** How a call to the workspace fails. A 503 says that it had no effect, a 500 does not. */
  enum Failing {
    REFUSED_BEFORE,
    REFUSED_AFTER,
    CLOSED_BEFORE,
    CLOSED_AFTER;

    Fault of() {
      return switch (this) {
        case REFUSED_BEFORE -> Fault.refusing(ANY, ".*", error(503, "TEMPORARILY_UNAVAILABLE"));
        case REFUSED_AFTER -> Fault.failingAfter(ANY, ".*", error(500, "INTERNAL_ERROR"));
        case CLOSED_BEFORE -> Fault.silent(ANY, ".*", Moment.BEFORE_EFFECT, Silence.CLOSE);
        case CLOSED_AFTER -> Fault.silent(ANY, ".*", Moment.AFTER_EFFECT, Silence.CLOSE);
      };
    }

    private static ApiError error(int status, String code) {
      return ApiError.of(status, code, "By plan.");
    }
  }

  /** Which call fails how. */
  private record Turns(List<Failing> ways, int stride) {

    /** All calls fail alike. */
    static Turns always(Failing one) {
      return new Turns(List.of(one), 1);
    }

    /** Every other call fails, each in the next way. */
    static Turns mixed() {
      return new Turns(List.of(Failing.values()), 2);
    }

    Failing of(int number) {
      return ways.get(number / stride % ways.size());
    }
  }

  /** A step of an export, made again by another attempt while it fails. */
  private interface Step {
    void run();
  }

  private void assertAsAfterACleanRun(FinalizeStep end) {
    assertThat(end).isInstanceOf(FinalizeStep.Done.class);
    assertThat(((FinalizeStep.Done) end).counts())
        .isIn(MergeCounts.of(3, 0, 0, 0), MergeCounts.UNKNOWN);
    assertThat(LAB.table(target, COLUMNS)).isEqualTo(clean);
    assertThat(LAB.merges(target)).as("merges").isEqualTo(1);
    LAB.assertNothingStaged();
  }

  private static void assertNotFinal(ExportException e) {
    assertThat(e.kind()).as("%s", e.message()).isNotEqualTo(FailureKind.PERMANENT);
  }

  /** Fails every call of the step in turn, from it on to the end of the attempt. */
  private int outages(Turns failing, Step step) {
    int attempts = 0;
    for (int skip = 0; ; skip += failing.stride()) {
      int before = LAB.workspace.calls().size();
      LAB.workspace.faults().add(failing.of(skip).of().after(skip).times(Integer.MAX_VALUE));
      boolean failed = false;
      try {
        step.run();
      } catch (ExportException e) {
        assertNotFinal(e);
        failed = true;
      } finally {
        LAB.workspace.faults().clear();
      }
      if (!failed) {
        assertThat(LAB.workspace.calls().size() - before).as("calls").isLessThanOrEqualTo(skip);
        return attempts;
      }
      attempts++;
    }
  }

  @Test
  void whicheverCallAnOutageBeginsWithAnotherAttemptHealsIt() throws Exception {
    outageFromEachCall(Turns.mixed());
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void whicheverCallAnOutageOfEachKindBeginsWithAnotherAttemptHealsIt(Failing failing)
      throws Exception {
    outageFromEachCall(Turns.always(failing));
  }

  private void outageFromEachCall(Turns failing) throws Exception {
    int hurt = 0;
    try (ExportBackend backend = LAB.backend()) {
      ManualJob job = LAB.job(target);
      job.plan(backend);
      hurt += outages(failing, () -> job.setup(backend, 0));
      hurt += outages(failing, () -> job.chunk(backend, 0, 0));
      job.chunk(backend, 0, 1);
      FinalizeStep end = mergeThroughOutages(failing, backend, job);
      hurt += outages(failing, () -> job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED));
      assertAsAfterACleanRun(end);
    }
    assertThat(hurt).as("attempts that failed").isGreaterThan(8 / failing.stride());
    assertThat(endpoints()).containsAll(ENDPOINTS);
  }

  /** Each call to finalize has the next of its own calls fail, until it is through. */
  private FinalizeStep mergeThroughOutages(Turns failing, ExportBackend backend, ManualJob job) {
    Map<String, Integer> failed = new HashMap<>();
    while (true) {
      int skip = failed.merge(phase(job), failing.stride(), Integer::sum) - failing.stride();
      assertThat(skip).as(phase(job)).isLessThan(MOST_CALLS);
      LAB.workspace.faults().add(failing.of(skip).of().after(skip).times(Integer.MAX_VALUE));
      try {
        if (job.finalizeStep(backend, 0, Intent.MERGE) instanceof FinalizeStep.Done done) {
          return done;
        }
      } catch (ExportException e) {
        assertNotFinal(e);
      } finally {
        LAB.workspace.faults().clear();
      }
      LAB.awaitStatements();
    }
  }

  private static String phase(ManualJob job) {
    Matcher phase = PHASE.matcher(job.contexts().checkpoint("finalize 0").orElse(""));
    return phase.find() ? phase.group() : "START";
  }

  /** The endpoints that were called. */
  private Set<String> endpoints() {
    Set<String> called = new TreeSet<>();
    for (Call call : LAB.workspace.calls()) {
      String path = call.path().replaceFirst("^/api/2\\.[01]", "");
      String[] parts = path.split("/", -1);
      called.add(
          call.method()
              + " "
              + String.join("/", List.of(parts).subList(0, Math.min(3, parts.length)))
              + (path.startsWith("/oidc") ? "/" + parts[3] : ""));
    }
    return called;
  }

  @Test
  void whenEveryOtherCallFailsNoAttemptButTheMergesIsLost() throws Exception {
    everyOtherCallFails(Turns.mixed());
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void whenEveryOtherCallFailsAlikeNoAttemptButTheMergesIsLost(Failing failing) throws Exception {
    everyOtherCallFails(Turns.always(failing));
  }

  private void everyOtherCallFails(Turns failing) throws Exception {
    FinalizeStep end;
    try (ExportBackend backend = LAB.backend()) {
      ManualJob job = LAB.job(target);
      job.plan(backend);
      LAB.workspace.faults().add(failing.of(0).of());
      for (int i = 1; i < 1_000; i++) {
        LAB.workspace.faults().add(failing.of(i * failing.stride()).of().after(1));
      }
      job.setup(backend, 0);
      job.chunk(backend, 0, 0);
      job.chunk(backend, 0, 1);
      end = mergedAtLast(backend, job);
      job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
      LAB.workspace.faults().clear();
    }
    assertAsAfterACleanRun(end);
  }

  private FinalizeStep mergedAtLast(ExportBackend backend, ManualJob job) {
    for (int failures = 0; ; ) {
      try {
        FinalizeStep step = job.finalizeStep(backend, 0, Intent.MERGE);
        LAB.awaitStatements();
        if (!(step instanceof FinalizeStep.Again)) {
          return step;
        }
      } catch (ExportException e) {
        assertNotFinal(e);
        assertThat(++failures).as(e.message()).isLessThan(4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyS3.Fault.class,
      names = {"NOT_SENT", "ANSWER_LOST", "FAILED_AFTER"})
  @Tag("long")
  void whicheverRequestToTheBucketFailsAnotherAttemptHealsIt(FaultyS3.Fault fault)
      throws Exception {
    S3Requests requests = new S3Requests(fault);
    WorkspaceConfig config =
        WorkspaceConfig.builder(LAB.workspace.url().toString(), LAB.staging().tries(1).build())
            .warehouseId(LAB.config().build().warehouseId().orElseThrow())
            .build();
    FaultyS3 http = BackendOnS3.faulty(config.staging(), requests);
    FinalizeStep end;
    int hurt;
    try (ExportBackend backend = LAB.backend(config, http)) {
      ManualJob job = LAB.job(target);
      job.plan(backend);
      job.setup(backend, 0);
      hurt = requests.inTurn(() -> job.chunk(backend, 0, 0));
      job.chunk(backend, 0, 1);
      end = LAB.merge(backend, job, Intent.MERGE);
      int cleanedUp =
          requests.inTurn(() -> job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED));
      assertThat(cleanedUp).as("clean-ups that failed").isPositive();
    }
    assertThat(hurt).as("attempts that failed").isGreaterThan(2);
    assertAsAfterACleanRun(end);
  }

  /** Has one request of each attempt fail. */
  private static final class S3Requests implements FaultyS3.Plan {
    private final FaultyS3.Fault fault;
    private int left = -1;
    private boolean reached;

    S3Requests(FaultyS3.Fault fault) {
      this.fault = fault;
    }

    @Override
    public synchronized Optional<FaultyS3.Fault> fault(int number, SdkHttpRequest request) {
      if (left < 0 || left-- > 0) {
        return Optional.empty();
      }
      reached = true;
      return Optional.of(fault);
    }

    /** How many attempts failed. */
    int inTurn(Step step) {
      int failures = 0;
      for (int skip = 0; ; skip++) {
        arm(skip);
        try {
          step.run();
          if (!reached) {
            return failures;
          }
        } catch (ExportException e) {
          assertNotFinal(e);
          failures++;
        } finally {
          disarm();
        }
      }
    }

    private synchronized void arm(int skip) {
      left = skip;
      reached = false;
    }

    private synchronized void disarm() {
      left = -1;
    }
  }

  @Test
  @Tag("long")
  void anAnswerThatDoesNotComeIsNotWaitedForForEver() throws Exception {
    WorkspaceLimits usual = WorkspaceLimits.DEFAULT;
    WorkspaceConfig hasty =
        LAB.config()
            .limits(
                new WorkspaceLimits(
                    usual.connectTimeout(),
                    Duration.ofSeconds(3),
                    usual.callDeadline(),
                    usual.warehouseStart(),
                    usual.requestsPerSecond()))
            .build();
    FinalizeStep end;
    try (ExportBackend backend = LAB.backend(hasty)) {
      ManualJob job = LAB.job(target);
      job.plan(backend);
      job.setup(backend, 0);
      stall("POST", ".*/unity-catalog/tables");
      stall("POST", ".*/temporary-table-credentials");
      job.chunk(backend, 0, 0);
      job.chunk(backend, 0, 1);
      LAB.workspace
          .faults()
          .add(
              Fault.silent("POST", ".*/sql/statements", Moment.AFTER_EFFECT, Silence.STALL)
                  .after(1));
      stall("DELETE", ".*");
      end = mergedAtLast(backend, job);
      job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
    }
    for (int i = 0; i < 4; i++) {
      LAB.workspace.faults().awaitStalled();
    }
    assertAsAfterACleanRun(end);
  }

  private void stall(String method, String path) {
    LAB.workspace.faults().add(Fault.silent(method, path, Moment.AFTER_EFFECT, Silence.STALL));
  }
}
