// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.JobFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lists the jobs that a caller may see, newest first, page by page: {@code _count} jobs, from the
 * one after {@code _after}, in the states {@code status}.
 */
final class JobList {
  private static final Set<String> PARAMETERS = Set.of("_count", "_after", "status");
  private static final int USUAL_COUNT = 50;
  private static final int MOST = 100;

  /** Others' jobs may fill many pages of the store's. */
  private static final int MOST_PAGES = 20;

  private final ExportService exports;
  private final ExportOperationConfig config;

  JobList(ExportService exports, ExportOperationConfig config) {
    this.exports = exports;
    this.config = config;
  }

  OperationResponse answer(Face face, OperationRequest request, Urls urls) {
    Problems problems = new Problems();
    for (String name : Query.names(request.query())) {
      if (!PARAMETERS.contains(name)) {
        problems.add(
            ProblemCode.UNKNOWN_PARAMETER,
            "The list knows _count, _after and status, not " + ParametersReader.quote(name) + ".",
            "http.query");
      }
    }
    int count = count(request, problems);
    JobFilter.Builder wanted = JobFilter.builder().limit(MOST);
    states(request, problems).ifPresent(wanted::states);
    if (config.access() == AccessPolicy.INITIATOR) {
      request.principal().ifPresent(wanted::principal);
    }
    JobFilter filter = wanted.build();
    Optional<String> after = Query.value(request.query(), "_after");
    if (after.isPresent()) {
      Optional<ExportJob> last =
          Route.jobId(after.get())
              .flatMap(exports::find)
              .filter(job -> isVisible(job, request.principal()));
      if (last.isEmpty()) {
        problems.add(ProblemCode.INVALID_VALUE, "_after names no export.", "http.query");
      } else {
        filter = filter.after(last.get());
      }
    }
    return problems.isEmpty()
        ? page(face, request, urls, filter, count)
        : Answers.problems(problems.all(), Map.of());
  }

  private OperationResponse page(
      Face face, OperationRequest request, Urls urls, JobFilter from, int count) {
    List<ExportJob> shown = new ArrayList<>();
    Optional<ExportJob> next = Optional.empty();
    JobFilter filter = from;
    boolean more = true;
    for (int page = 0; more && next.isEmpty() && page < MOST_PAGES; page++) {
      List<ExportJob> jobs = exports.list(filter);
      for (ExportJob job : jobs) {
        boolean visible = isVisible(job, request.principal());
        if (visible && shown.size() < count) {
          shown.add(job);
        } else if (visible && next.isEmpty()) {
          next = Optional.of(shown.get(count - 1));
        }
      }
      more = jobs.size() == MOST;
      if (more) {
        filter = filter.after(jobs.get(jobs.size() - 1));
      }
    }
    ParametersBody body = new ParametersBody();
    JobBody jobBody = new JobBody(urls);
    shown.forEach(job -> body.parts("job", parts -> jobBody.write(job, parts)));
    String page = urls.list(face) + "?_count=" + count + "&_after=";
    next.ifPresent(last -> body.uri("next", page + last.id()));
    return Answers.json(200, Map.of(), body.json());
  }

  private boolean isVisible(ExportJob job, Optional<String> principal) {
    return !config.isHidden(job)
        && config.access().allows(principal, job, AccessPolicy.Action.STATUS);
  }

  private static int count(OperationRequest request, Problems problems) {
    Optional<String> asked = Query.value(request.query(), "_count");
    if (asked.isEmpty()) {
      return USUAL_COUNT;
    }
    if (!asked.get().matches("[1-9][0-9]?|100")) {
      problems.add(ProblemCode.INVALID_VALUE, "_count is 1 to " + MOST + ".", "http.query");
      return USUAL_COUNT;
    }
    return Integer.parseInt(asked.get());
  }

  private static Optional<Set<JobState>> states(OperationRequest request, Problems problems) {
    Optional<String> asked = Query.value(request.query(), "status");
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    Set<String> codes = Set.copyOf(List.of(asked.get().split(",", -1)));
    Set<JobState> states =
        Arrays.stream(JobState.values())
            .filter(state -> codes.contains(state.code()))
            .collect(Collectors.toSet());
    if (states.size() < codes.size()) {
      String known =
          Arrays.stream(JobState.values()).map(JobState::code).collect(Collectors.joining(", "));
      problems.add(ProblemCode.INVALID_VALUE, "status is one of: " + known + ".", "http.query");
    }
    return Optional.of(states);
  }
}
