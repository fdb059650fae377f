// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.core.ExportService;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Answers what is asked of jobs: status, result, cancel. */
final class JobAnswers {
  private static final Duration USUAL_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final ExportService exports;
  private final ExportOperationConfig config;
  private final ProgressWatch watch;
  private final PollLimit limit;

  JobAnswers(ExportService exports, ExportOperationConfig config, LongSupplier nanoTime) {
    this.exports = exports;
    this.config = config;
    watch = new ProgressWatch(nanoTime, config.stallTime());
    limit = new PollLimit(nanoTime, config.minPollInterval());
  }

  OperationResponse status(String id, OperationRequest request, Urls urls) {
    return withJob(
        id,
        request,
        AccessPolicy.Action.STATUS,
        job -> {
          Optional<Duration> wait = limit.wait(job.id());
          if (wait.isPresent()) {
            Problem often =
                Problem.of(ProblemCode.POLLED_TOO_OFTEN, "Ask again when Retry-After has passed.");
            return Answers.problems(List.of(often), retryAfter(wait.get()));
          }
          return job.state().isFinal() ? ended(job, urls) : running(job, urls);
        });
  }

  OperationResponse result(String id, OperationRequest request, Urls urls) {
    return withJob(
        id,
        request,
        AccessPolicy.Action.RESULT,
        job ->
            switch (job.state()) {
              case ACCEPTED, IN_PROGRESS, CANCELING, CANCELLED -> noResult(job, urls);
              case COMPLETED ->
                  Answers.json(
                      200, expires(job), new JobBody(urls).full(job, Optional.empty()).json());
              case FAILED -> failed(job);
            });
  }

  OperationResponse cancel(String id, OperationRequest request, Urls urls) {
    return withJob(
        id,
        request,
        AccessPolicy.Action.CANCEL,
        job -> {
          if (job.state().isFinal()) {
            return Answers.json(
                200, expires(job), new JobBody(urls).full(job, Optional.empty()).json());
          }
          Optional<ExportJob> now = exports.cancel(job.id());
          return now.map(
                  found ->
                      Answers.json(
                          found.cancelRequested() ? 202 : 200,
                          Map.of(),
                          new JobBody(urls).full(found, Optional.empty()).json()))
              .orElseGet(JobAnswers::noSuchExport);
        });
  }

  private OperationResponse running(ExportJob job, Urls urls) {
    Optional<Duration> remaining = watch.remaining(job);
    Map<String, String> headers = new HashMap<>(retryAfter(remaining.orElse(USUAL_WAIT)));
    headers.put("X-Progress", Progress.text(job));
    headers.put("Content-Location", urls.status(job));
    return Answers.json(202, headers, new JobBody(urls).full(job, remaining).json());
  }

  private OperationResponse ended(ExportJob job, Urls urls) {
    watch.remaining(job);
    if (config.profile() == ResponseProfile.SPEC) {
      Map<String, String> headers = new HashMap<>(expires(job));
      headers.put("Location", urls.result(job));
      return Answers.empty(303, headers);
    }
    return Answers.json(200, expires(job), new JobBody(urls).full(job, Optional.empty()).json());
  }

  private static OperationResponse noResult(ExportJob job, Urls urls) {
    String next = job.state().isFinal() ? "start another" : "poll " + urls.status(job);
    return Answers.problem(
        ProblemCode.NO_RESULT,
        "Export %s has no result (its status is %s); %s."
            .formatted(job.id(), job.state().code(), next));
  }

  private static OperationResponse failed(ExportJob job) {
    Problem why =
        job.failure()
            .map(ExportFailure::last)
            .map(Problem::of)
            .orElseGet(() -> Problem.of(ProblemCode.INTERNAL, "The export failed."));
    return Answers.problems(List.of(why), Map.of());
  }

  private Map<String, String> expires(ExportJob job) {
    Instant end = job.endedAt().orElse(job.createdAt());
    return Map.of("Expires", HTTP_DATE.format(end.plus(exports.config().retention())));
  }

  private static Map<String, String> retryAfter(Duration wait) {
    Duration clamped = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    return Map.of("Retry-After", Long.toString(Math.max(1, JobBody.seconds(clamped))));
  }

  private OperationResponse withJob(
      String id,
      OperationRequest request,
      AccessPolicy.Action action,
      Function<ExportJob, OperationResponse> answer) {
    Optional<ExportJob> job = Route.jobId(id).flatMap(exports::find);
    if (job.isEmpty()) {
      return noSuchExport();
    }
    if (!config.access().allows(request.principal(), job.get(), action)) {
      return switch (config.denial()) {
        case NOT_FOUND -> noSuchExport();
        case FORBIDDEN -> Answers.problem(ProblemCode.NOT_YOURS, "This export is not open to you.");
      };
    }
    return config.isHidden(job.get()) ? noSuchExport() : answer.apply(job.get());
  }

  private static OperationResponse noSuchExport() {
    return Answers.problem(ProblemCode.NO_SUCH_EXPORT, "There is no such export.");
  }
}
