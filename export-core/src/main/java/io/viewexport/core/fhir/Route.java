// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.JobId;
import java.util.List;
import java.util.Optional;

/**
 * What a path below the FHIR base stands for.
 *
 * @param face which operation
 * @param target what of it
 * @param id the ViewDefinition's of an instance level kick-off, or the export's
 */
record Route(Face face, Target target, Optional<String> id) {
  enum Target {
    KICK_OFF,
    STATUS,
    RESULT,
    JOBS
  }

  /** The route; empty where the path is none of ours. */
  static Optional<Route> of(String path) {
    List<String> parts = List.of(trimmed(path).split("/", -1));
    for (Face face : Face.values()) {
      int operation = parts.indexOf("$" + face.code);
      if (operation >= 0) {
        return of(face, parts.subList(0, operation), parts.subList(operation + 1, parts.size()));
      }
    }
    return Optional.empty();
  }

  /** The id of an export; empty where a text can't be one. */
  static Optional<JobId> jobId(String text) {
    return ViewParam.isId(text) && text.indexOf('.') < 0
        ? Optional.of(new JobId(text))
        : Optional.empty();
  }

  private static String trimmed(String path) {
    String from = path.startsWith("/") ? path.substring(1) : path;
    return from.endsWith("/") ? from.substring(0, from.length() - 1) : from;
  }

  private static Optional<Route> of(Face face, List<String> before, List<String> after) {
    if (after.isEmpty()) {
      return kickOff(face, before);
    }
    if (!before.isEmpty() && !isType(face, before)) {
      return Optional.empty();
    }
    boolean status = after.get(0).equals("status");
    if (after.size() == 1 && status) {
      return Optional.of(new Route(face, Target.JOBS, Optional.empty()));
    }
    if (after.size() == 2 && (status || after.get(0).equals("result"))) {
      Target target = status ? Target.STATUS : Target.RESULT;
      return Optional.of(new Route(face, target, Optional.of(after.get(1))));
    }
    return Optional.empty();
  }

  private static Optional<Route> kickOff(Face face, List<String> before) {
    if (before.isEmpty() || isType(face, before)) {
      return Optional.of(new Route(face, Target.KICK_OFF, Optional.empty()));
    }
    boolean instance = before.size() == 2 && isType(face, before.subList(0, 1));
    return instance
        ? Optional.of(new Route(face, Target.KICK_OFF, Optional.of(before.get(1))))
        : Optional.empty();
  }

  /** {@code $sql-export} is there at system level alone. */
  private static boolean isType(Face face, List<String> before) {
    return face == Face.VIEWDEFINITION_EXPORT && before.equals(List.of("ViewDefinition"));
  }
}
