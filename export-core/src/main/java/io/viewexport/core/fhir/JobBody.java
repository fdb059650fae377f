// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.NextSince;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What clients are told of a job. */
final class JobBody {
  private final Urls urls;

  JobBody(Urls urls) {
    this.urls = urls;
  }

  /**
   * Everything.
   *
   * @param remaining the time that is left, where it is known
   */
  ParametersBody full(ExportJob job, Optional<Duration> remaining) {
    ParametersBody body = new ParametersBody();
    write(job, body);
    remaining.ifPresent(time -> body.integer("estimatedTimeRemaining", seconds(time)));
    job.queuePosition().ifPresent(place -> body.integer("queuePosition", place));
    body.code("snapshotMode", code(job.snapshotMode()));
    JobAdvice.write(job.request(), body);
    if (job.state() == JobState.COMPLETED) {
      nextSince(job.nextSince(), body);
    }
    boolean ended = job.state().isFinal();
    for (ExportOutput output : job.outputs()) {
      body.parts(ended ? "output" : "progress", parts -> output(output, parts));
    }
    job.failure()
        .filter(failure -> job.state() == JobState.FAILED)
        .ifPresent(
            failure ->
                body.parts(
                    "error",
                    parts ->
                        parts
                            .code("code", failure.last().code())
                            .string("message", failure.last().message())
                            .string("task", failure.task())));
    return body;
  }

  /** All but what became of the views. */
  void write(ExportJob job, ParametersBody body) {
    body.string("exportId", job.id().value());
    job.request().clientTrackingId().ifPresent(id -> body.string("clientTrackingId", id));
    body.code("status", job.state().code());
    body.uri("location", urls.status(job));
    if (!job.state().isFinal()) {
      body.uri("cancelUrl", urls.status(job));
    }
    String format = job.request().notes().get(KickOffReader.FORMAT);
    if (format != null) {
      body.code(KickOffReader.FORMAT, format);
    }
    String header = job.request().notes().get(KickOffReader.HEADER);
    if (header != null) {
      body.bool(KickOffReader.HEADER, Boolean.parseBoolean(header));
    }
    body.instant("exportStartTime", job.startedAt().orElse(job.createdAt()));
    job.endedAt()
        .ifPresent(
            end -> {
              Duration lasted = Duration.between(job.startedAt().orElse(job.createdAt()), end);
              body.instant("exportEndTime", end).integer("exportDuration", lasted.toSeconds());
            });
  }

  private static void output(ExportOutput output, ParametersBody parts) {
    parts.string("name", output.name());
    output.location().ifPresent(location -> parts.uri("location", location));
    if (output.outcome() != MergeOutcome.PENDING) {
      parts.code("outcome", code(output.outcome()));
    }
    parts.count("rowCount", output.rowCount()).count("byteCount", output.byteCount());
    parts.integer("chunkCount", output.chunkCount()).integer("chunksDone", output.chunksDone());
    output.counts().ifPresent(counts -> counts(counts, parts));
    nextSince(output.nextSince(), parts);
  }

  private static void nextSince(NextSince next, ParametersBody body) {
    next.instant().ifPresent(since -> body.instant("nextSince", since));
    next.withheld()
        .ifPresent(
            why ->
                body.parts(
                    "nextSinceWithheld",
                    parts -> parts.code("code", why.code()).string("message", why.message())));
  }

  private static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void counts(MergeCounts counts, ParametersBody parts) {
    count("inserted", counts.inserted(), parts);
    count("updated", counts.updated(), parts);
    count("deleted", counts.deleted(), parts);
    count("unchanged", counts.unchanged(), parts);
  }

  private static void count(String name, OptionalLong count, ParametersBody parts) {
    if (count.isPresent()) {
      parts.count(name, count.getAsLong());
    }
  }

  /** Rounded up, so that 0 means that it is over. */
  static long seconds(Duration time) {
    return time.plusNanos(999_999_999).toSeconds();
  }
}
