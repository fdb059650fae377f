// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in FHIRPath which part of a request the engine or a backend means. */
final class Expressions {
  private static final Pattern OF_VIEW = Pattern.compile("view\\[(\\d{1,6})\\](?:\\.(.+))?");

  private final Face face;
  private final List<Wanted.View> views;

  /**
   * For one request.
   *
   * @param views those that the engine was asked about, in its order
   */
  Expressions(Face face, List<Wanted.View> views) {
    this.face = face;
    this.views = views;
  }

  Optional<String> of(Optional<String> expression) {
    return expression.map(this::of);
  }

  private String of(String expression) {
    Matcher view = OF_VIEW.matcher(expression);
    if (!view.matches()) {
      return switch (expression) {
        case "idempotencyKey" -> "http.idempotency-key";
        case "principal" -> "http.authorization";
        case "since" -> named("_since");
        case "view" -> ParametersReader.named("Parameters.parameter", face.view, 0);
        default -> named(expression);
      };
    }
    int index = Integer.parseInt(view.group(1));
    if (index >= views.size()) {
      return named(face.view);
    }
    String reference = views.get(index).expression();
    String part = view.group(2);
    if (part == null || part.equals("view") || !reference.contains(".part")) {
      return reference;
    }
    String ofView = reference.substring(0, reference.indexOf(".part"));
    return ofView + ".part.where(name='" + (part.equals("since") ? "_since" : part) + "')";
  }

  private static String named(String name) {
    return "Parameters.parameter.where(name='" + name + "')";
  }
}
