// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.job.ViewOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for all views of a request, or for one of them: options of the engine, and
 * parameters of the backend.
 */
final class Scope {
  /** The backend's parameters, as far as they are known at this server. */
  interface Declared {
    /** Whether nothing is known of what the backend understands. */
    boolean isOpen();

    Optional<BackendParameter> find(String name);
  }

  private static final String CHUNKS = "chunkCount";
  private static final String CHUNKS_OF_OLD = "initialExportParallelism";
  private static final Set<String> OPTIONS =
      Set.of(CHUNKS, CHUNKS_OF_OLD, "mergeKey", "mergeMode", "timestampColumn", "patientColumn");

  private final Problems problems;
  private final Values values;
  private final Declared declared;
  private final ViewOptions.Builder options = ViewOptions.builder();
  private final Map<String, String> parameters = new HashMap<>();

  Scope(Problems problems, Declared declared) {
    this.problems = problems;
    this.declared = declared;
    values = new Values(problems);
  }

  ViewOptions.Builder options() {
    return options;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  /** Reads the engine's options among these. */
  void readOptions(List<Param> params) {
    Optional<Param> chunks = values.single(params, CHUNKS);
    Optional<Param> ofOld = values.single(params, CHUNKS_OF_OLD);
    if (chunks.isPresent() && ofOld.isPresent()) {
      problems.add(
          ProblemCode.DUPLICATE_PARAMETER,
          CHUNKS_OF_OLD + " is the older name of " + CHUNKS + "; give one of them.",
          ofOld.get().expression());
    }
    chunks.or(() -> ofOld).ifPresent(p -> values.count(p).ifPresent(options::chunkCount));
    values.single(params, "mergeMode").flatMap(values::mergeMode).ifPresent(options::mergeMode);
    values
        .single(params, "timestampColumn")
        .flatMap(values::text)
        .ifPresent(options::timestampColumn);
    values.single(params, "patientColumn").flatMap(values::text).ifPresent(options::patientColumn);
    List<String> key = new ArrayList<>();
    params.stream()
        .filter(param -> param.name().equals("mergeKey"))
        .forEach(param -> values.text(param).ifPresent(key::add));
    if (!key.isEmpty()) {
      options.mergeKey(key);
    }
  }

  /** Takes all others as the backend's, but for those of these names. */
  void readBackend(List<Param> params, Set<String> ours) {
    Set<String> seen = new HashSet<>();
    for (Param param : params) {
      if (!ours.contains(param.name()) && !OPTIONS.contains(param.name())) {
        readBackend(param, seen);
      }
    }
  }

  private void readBackend(Param param, Set<String> seen) {
    Optional<BackendParameter> known = declared.find(param.name());
    if (known.isEmpty() && !declared.isOpen()) {
      problems.add(
          ProblemCode.UNKNOWN_PARAMETER,
          "Neither the operation nor the backend knows a parameter \"%s\"."
              .formatted(ParametersReader.quote(param.name())),
          param.expression());
    } else if (!seen.add(param.name())) {
      if (seen.add(param.name() + " twice")) {
        values.single(List.of(param, param), param.name());
      }
    } else {
      values.ofBackend(param, known).ifPresent(value -> parameters.put(param.name(), value));
    }
  }
}
