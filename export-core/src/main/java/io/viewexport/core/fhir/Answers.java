// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Responses, and the OperationOutcome that most of them carry. */
final class Answers {
  private static final String CODES = "urn:viewexport:issue";

  private Answers() {}

  static OperationResponse json(int status, Map<String, String> headers, ObjectNode body) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/fhir+json;charset=utf-8");
    all.putIfAbsent("Cache-Control", "no-store");
    return new OperationResponse(status, all, body.toString());
  }

  static OperationResponse empty(int status, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.putIfAbsent("Cache-Control", "no-store");
    return new OperationResponse(status, all, "");
  }

  static OperationResponse problem(ProblemCode code, String message) {
    return problems(List.of(Problem.of(code, message)), Map.of());
  }

  /**
   * All problems; the status is the one that says the least: 400 before 404 before 422. A filter by
   * what is not there counts only where nothing else is wrong, as the specification has it.
   */
  static OperationResponse problems(List<Problem> problems, Map<String, String> headers) {
    List<Problem> weighed =
        problems.stream().filter(found -> !ProblemCode.concernsFilter(found.code())).toList();
    int status =
        (weighed.isEmpty() ? problems : weighed)
            .stream()
                .map(problem -> problem.meaning().status())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    return json(status, headers, outcome(problems));
  }

  static ObjectNode outcome(List<Problem> problems) {
    ObjectNode outcome =
        JsonNodeFactory.instance.objectNode().put("resourceType", "OperationOutcome");
    ArrayNode issues = outcome.putArray("issue");
    for (Problem problem : problems) {
      ObjectNode issue = issues.addObject();
      issue.put("severity", "error").put("code", problem.meaning().issueType());
      ObjectNode details = issue.putObject("details");
      details.putArray("coding").addObject().put("system", CODES).put("code", problem.code());
      issue.put("diagnostics", problem.message());
      problem.expression().ifPresent(path -> issue.putArray("expression").add(path));
    }
    return outcome;
  }
}
