// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.ExportIssue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in FHIRPath which part of a request the engine or a backend means. */
final class Expressions {
  private static final Pattern OF_VIEW = Pattern.compile("view\\[(\\d{1,6})\\](?:\\.(.+))?");

  private final Face face;
  private final Set<String> given;
  private final List<Wanted.View> views;

  /**
   * For one request.
   *
   * @param given the names of its parameters
   * @param views those that the engine was asked about, in its order
   */
  Expressions(Face face, Set<String> given, List<Wanted.View> views) {
    this.face = face;
    this.given = given;
    this.views = views;
  }

  Optional<String> of(ExportIssue issue) {
    boolean missing = ProblemCode.MISSING_PARAMETER.text().equals(issue.code());
    return issue.expression().map(expression -> of(expression, missing));
  }

  private String of(String expression, boolean missing) {
    Matcher view = OF_VIEW.matcher(expression);
    if (view.matches()) {
      int index = Integer.parseInt(view.group(1));
      return index < views.size()
          ? ofView(views.get(index), Optional.ofNullable(view.group(2)), missing)
          : named(face.view);
    }
    return switch (expression) {
      case "idempotencyKey" -> "http.idempotency-key";
      case "principal" -> "http.authorization";
      case "since" -> named("_since");
      case "view" -> ParametersReader.named("Parameters.parameter", face.view, 0);
      default -> anywhere(expression, missing);
    };
  }

  private String ofView(Wanted.View view, Optional<String> part, boolean missing) {
    Optional<String> place = place(view);
    if (part.isEmpty() || part.get().equals("view") || place.isEmpty()) {
      return view.expression();
    }
    String name = part.get().equals("since") ? "_since" : part.get();
    if (!view.given().contains(name)) {
      if (given.contains(name)) {
        return named(name);
      }
      if (missing) {
        return place.get();
      }
    }
    return partOf(place.get(), name);
  }

  /** A backend that was asked for one view need not say whose parameter it means. */
  private String anywhere(String name, boolean missing) {
    if (given.contains(name)) {
      return named(name);
    }
    for (Wanted.View view : views) {
      Optional<String> place = place(view);
      if (place.isPresent() && view.given().contains(name)) {
        return partOf(place.get(), name);
      }
    }
    return missing && views.size() == 1 ? place(views.get(0)).orElse(named(name)) : named(name);
  }

  /** Where the view stands in the request; empty where the path names it. */
  private static Optional<String> place(Wanted.View view) {
    int end = view.expression().indexOf(".part");
    return end < 0 ? Optional.empty() : Optional.of(view.expression().substring(0, end));
  }

  private static String partOf(String view, String name) {
    return view + ".part.where(name='" + name + "')";
  }

  private static String named(String name) {
    return "Parameters.parameter.where(name='" + name + "')";
  }
}
