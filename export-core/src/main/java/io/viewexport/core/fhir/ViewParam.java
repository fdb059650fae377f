// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.view.ViewReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a parameter that names a view. */
final class ViewParam {
  static final String NO_LIBRARY =
      "A Library (SQLQuery, SQLView) can't be exported; name a ViewDefinition.";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
  private static final Pattern LITERAL =
      Pattern.compile("(?:(.+)/)?([A-Z][A-Za-z]*)/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?");
  private static final int LONGEST_NAME = 255;

  private final Face face;
  private final Problems problems;
  private final Urls urls;
  private final Scope scope;
  private final Values values;

  ViewParam(Face face, Problems problems, Urls urls, Scope.Declared declared) {
    this.face = face;
    this.problems = problems;
    this.urls = urls;
    scope = new Scope(problems, declared);
    values = new Values(problems);
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The view; empty where it is not known which, with the reason among the problems. */
  Optional<Wanted.View> read(int index, Param view) {
    List<Param> parts = view.parts();
    Optional<String> name = values.single(parts, "name").flatMap(part -> name(part));
    scope.readOptions(parts);
    scope.readBackend(
        parts, Set.of("name", face.canonical, face.reference, face.resource, "parameters"));
    refuseParameters(parts);
    Optional<Param> canonical = values.single(parts, face.canonical);
    Optional<Param> literal = values.single(parts, face.reference);
    Optional<Param> inline = values.single(parts, face.resource);
    List<Param> forms =
        List.of(canonical, literal, inline).stream().flatMap(Optional::stream).toList();
    if (forms.size() != 1) {
      String text =
          "Name the view in exactly one way: %s, %s or %s."
              .formatted(face.canonical, face.reference, face.resource);
      problems.add(ProblemCode.INVALID_VALUE, text, view.expression());
      return Optional.empty();
    }
    Optional<ViewReference> reference =
        canonical
            .flatMap(this::canonical)
            .or(() -> literal.flatMap(this::literal))
            .or(() -> inline.flatMap(this::inline));
    return reference.map(
        found ->
            new Wanted.View(
                index,
                name,
                found,
                forms.get(0).expression(),
                scope.options().build(),
                scope.parameters(),
                Param.names(parts)));
  }

  private Optional<String> name(Param part) {
    Optional<String> name = values.string(part);
    if (name.filter(text -> text.length() > LONGEST_NAME).isPresent()) {
      String text = "A name has at most %d characters.".formatted(LONGEST_NAME);
      problems.add(ProblemCode.INVALID_VALUE, text, part.expression());
      return Optional.empty();
    }
    return name;
  }

  private void refuseParameters(List<Param> parts) {
    for (Param part : parts) {
      if (part.name().equals("parameters")) {
        problems.add(
            ProblemCode.INVALID_VALUE,
            "A ViewDefinition has no parameters; leave them out.",
            part.expression());
      }
    }
  }

  private Optional<ViewReference> canonical(Param part) {
    Optional<String> canonical = values.canonical(part);
    if (canonical.isEmpty()) {
      return Optional.empty();
    }
    String[] halves = canonical.get().split("\\|", 2);
    if (halves[0].isBlank() || (halves.length == 2 && halves[1].isBlank())) {
      String text = "This must be a canonical URL, with a version behind | or without.";
      problems.add(ProblemCode.INVALID_VALUE, text, part.expression());
      return Optional.empty();
    }
    Optional<String> version = halves.length == 2 ? Optional.of(halves[1]) : Optional.empty();
    return Optional.of(new ViewReference.ByCanonical(halves[0], version));
  }

  private Optional<ViewReference> literal(Param part) {
    Optional<String> reference = values.reference(part);
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    Matcher parts = LITERAL.matcher(reference.get());
    if (!parts.matches()) {
      String text = "This must be a reference such as ViewDefinition/123.";
      problems.add(ProblemCode.INVALID_VALUE, text, part.expression());
      return Optional.empty();
    }
    if (parts.group(1) != null && !parts.group(1).equals(urls.base())) {
      String text = "Only views of this server can be exported; name one as ViewDefinition/123.";
      problems.add(ProblemCode.NOT_SUPPORTED, text, part.expression());
      return Optional.empty();
    }
    if (!isViewDefinition(parts.group(2), part)) {
      return Optional.empty();
    }
    return Optional.of(new ViewReference.ById(parts.group(3)));
  }

  private Optional<ViewReference> inline(Param part) {
    Optional<JsonNode> resource = part.resource();
    if (resource.isEmpty() || !resource.get().isObject()) {
      String text = face.resource + " must carry a resource.";
      problems.add(ProblemCode.WRONG_VALUE_TYPE, text, part.expression());
      return Optional.empty();
    }
    JsonNode type = resource.get().path("resourceType");
    if (!isViewDefinition(type.asText(), part)) {
      return Optional.empty();
    }
    return Optional.of(new ViewReference.Inline(resource.get().toString()));
  }

  private boolean isViewDefinition(String type, Param part) {
    if (type.equals("ViewDefinition")) {
      return true;
    }
    if (type.equals("Library")) {
      problems.add(ProblemCode.NOT_SUPPORTED, NO_LIBRARY, part.expression());
    } else {
      problems.add(
          ProblemCode.NO_VIEW_DEFINITION,
          "A ViewDefinition is exported, not a " + ParametersReader.quote(type) + ".",
          part.expression());
    }
    return false;
  }
}
