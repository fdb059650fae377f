// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.job.MergeMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the values of parameters; what can't be read is a problem, and empty. */
final class Values {
  static final Set<String> TEXT = Set.of("String", "Code", "Id", "Uri", "Url", "Canonical");
  private static final Set<String> CODE = Set.of("Code", "String");
  private static final Set<String> INTEGER =
      Set.of("Integer", "PositiveInt", "UnsignedInt", "Integer64");
  private static final Set<String> PRIMITIVE =
      Set.of(
          "String",
          "Code",
          "Id",
          "Uri",
          "Url",
          "Canonical",
          "Oid",
          "Uuid",
          "Markdown",
          "Integer",
          "PositiveInt",
          "UnsignedInt",
          "Integer64",
          "Decimal",
          "Boolean",
          "Date",
          "DateTime",
          "Instant");
  private static final Pattern INSTANT =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  private final Problems problems;

  Values(Problems problems) {
    this.problems = problems;
  }

  /** A text that is not blank. */
  Optional<String> text(Param param) {
    return typed(param, TEXT, "valueString").flatMap(value -> textOf(param, value));
  }

  /** A code. */
  Optional<String> code(Param param) {
    return typed(param, CODE, "valueCode").flatMap(value -> textOf(param, value));
  }

  /** A text of type {@code string} alone. */
  Optional<String> string(Param param) {
    return typed(param, Set.of("String"), "valueString").flatMap(value -> textOf(param, value));
  }

  /** A canonical URL. */
  Optional<String> canonical(Param param) {
    return typed(param, Set.of("Canonical", "Uri"), "valueCanonical")
        .flatMap(value -> textOf(param, value));
  }

  /** The literal reference in a Reference. */
  Optional<String> reference(Param param) {
    Optional<Param.Value> value = typed(param, Set.of("Reference"), "valueReference");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().json().path("reference").isTextual()) {
      String text = "This must be a Reference with a literal reference, such as Patient/123.";
      problems.add(ProblemCode.INVALID_VALUE, text, param.expression());
      return Optional.empty();
    }
    return Optional.of(value.get().json().get("reference").asText());
  }

  Optional<Boolean> bool(Param param) {
    Optional<Param.Value> value = typed(param, Set.of("Boolean"), "valueBoolean");
    if (value.isPresent() && !value.get().json().isBoolean()) {
      problems.add(ProblemCode.INVALID_VALUE, "This must be true or false.", param.expression());
      return Optional.empty();
    }
    return value.map(found -> found.json().asBoolean());
  }

  Optional<Instant> instant(Param param) {
    Optional<String> text =
        typed(param, Set.of("Instant"), "valueInstant").flatMap(value -> textOf(param, value));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (INSTANT.matcher(text.get()).matches()) {
        return Optional.of(OffsetDateTime.parse(text.get()).toInstant());
      }
    } catch (DateTimeException noInstant) {
      // Reported below, like any other text that is none.
    }
    problems.add(
        ProblemCode.INVALID_VALUE,
        "This must be an instant with its zone, such as 2026-01-31T00:00:00Z.",
        param.expression());
    return Optional.empty();
  }

  /** A whole number from 1. */
  OptionalInt count(Param param) {
    Optional<Param.Value> value = typed(param, INTEGER, "valuePositiveInt");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    Optional<String> number = whole(value.get());
    if (number.isPresent()) {
      long count = Long.parseLong(number.get());
      if (count >= 1 && count <= Integer.MAX_VALUE) {
        return OptionalInt.of((int) count);
      }
    }
    problems.add(
        ProblemCode.INVALID_VALUE, "This must be a whole number from 1 on.", param.expression());
    return OptionalInt.empty();
  }

  Optional<MergeMode> mergeMode(Param param) {
    Optional<String> code = code(param);
    Optional<MergeMode> mode =
        Arrays.stream(MergeMode.values())
            .filter(known -> code.filter(known.code()::equals).isPresent())
            .findFirst();
    if (code.isPresent() && mode.isEmpty()) {
      String known =
          Arrays.stream(MergeMode.values()).map(MergeMode::code).collect(Collectors.joining(", "));
      problems.add(
          ProblemCode.INVALID_VALUE, "mergeMode is one of: " + known + ".", param.expression());
    }
    return mode;
  }

  /** A value for the backend, as text. */
  Optional<String> ofBackend(Param param, Optional<BackendParameter> declared) {
    Set<String> types =
        declared
            .map(
                known ->
                    switch (known.type()) {
                      case STRING, CODE, URL -> TEXT;
                      case INTEGER -> INTEGER;
                      case BOOLEAN -> Set.of("Boolean");
                    })
            .orElse(PRIMITIVE);
    String usual =
        declared
            .map(known -> "value" + OperationDefinitions.valueOf(known.type()))
            .orElse("valueString");
    Optional<Param.Value> value = typed(param, types, usual);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (INTEGER.contains(value.get().type()) && whole(value.get()).isEmpty()) {
      problems.add(ProblemCode.INVALID_VALUE, "This must be a whole number.", param.expression());
      return Optional.empty();
    }
    if (value.get().type().equals("Boolean") && !value.get().json().isBoolean()) {
      problems.add(ProblemCode.INVALID_VALUE, "This must be true or false.", param.expression());
      return Optional.empty();
    }
    return textOf(param, value.get());
  }

  /** FHIR's 64-bit numbers are JSON strings. */
  private static Optional<String> whole(Param.Value value) {
    boolean asText = value.type().equals("Integer64") && value.json().isTextual();
    return value.json().isIntegralNumber() || asText
        ? Optional.of(value.json().asText()).filter(text -> WHOLE.matcher(text).matches())
        : Optional.empty();
  }

  private Optional<Param.Value> typed(Param param, Set<String> types, String usual) {
    Optional<Param.Value> value = param.value().filter(given -> types.contains(given.type()));
    if (value.isEmpty()) {
      problems.add(
          ProblemCode.WRONG_VALUE_TYPE,
          "%s must be given as %s.".formatted(ParametersReader.quote(param.name()), usual),
          param.expression());
    }
    return value;
  }

  private Optional<String> textOf(Param param, Param.Value value) {
    boolean ofText = TEXT.contains(value.type()) || value.type().equals("Instant");
    if (!value.json().isValueNode()
        || value.json().isNull()
        || (ofText && !value.json().isTextual())
        || value.json().asText().isBlank()
        || !isText(value.json().asText())) {
      String text =
          "The value must be of its type, not blank, and of characters that can be stored.";
      problems.add(ProblemCode.INVALID_VALUE, text, param.expression());
      return Optional.empty();
    }
    return Optional.of(value.json().asText());
  }

  /** Whether a store can keep it: no character 0, no half of a surrogate pair. */
  static boolean isText(String text) {
    return text.indexOf('\0') < 0
        && text.codePoints()
            .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** The parameter of a name that may be there once; more are a problem. */
  Optional<Param> single(List<Param> params, String name) {
    List<Param> found = params.stream().filter(param -> param.name().equals(name)).toList();
    if (found.size() > 1) {
      problems.add(
          ProblemCode.DUPLICATE_PARAMETER,
          ParametersReader.quote(name) + " may be given once.",
          found.get(1).expression());
    }
    return found.stream().findFirst();
  }
}
