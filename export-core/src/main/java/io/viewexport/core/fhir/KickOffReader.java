// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a kick-off asks for; every problem that its parameters alone show is noted. */
final class KickOffReader {
  /** The notes of a job that its status gives back. */
  static final String FORMAT = "_format";

  static final String HEADER = "header";

  private static final int MOST_VIEWS = 100;
  private static final String SINCE = "_since";
  private static final Set<String> FORMATS = Set.of("ndjson", "csv", "json", "parquet");
  private static final Set<String> SHARED =
      Set.of("kind", "clientTrackingId", FORMAT, HEADER, SINCE, "patient", "group", "source");

  private final Face face;
  private final ExportOperationConfig config;
  private final Map<String, List<BackendParameter>> backends;
  private final Urls urls;
  private final Problems problems;
  private final Values values;

  KickOffReader(
      Face face,
      ExportOperationConfig config,
      Map<String, List<BackendParameter>> backends,
      Urls urls,
      Problems problems) {
    this.face = face;
    this.config = config;
    this.backends = backends;
    this.urls = urls;
    this.problems = problems;
    values = new Values(problems);
  }

  /**
   * Reads the parameters.
   *
   * @param implied the id of the view that the path names
   */
  Wanted read(List<Param> params, Optional<String> implied) {
    Optional<String> kind = kind(params);
    Scope.Declared declared = declared(kind);
    Scope scope = new Scope(problems, declared);
    scope.readOptions(params);
    readFilters(params).ifPresent(scope.options()::filters);
    if (declared.find(FORMAT).isPresent() && named(params, "mergeMode").isEmpty()) {
      // What writes files writes new ones for each export: there is nothing to merge with.
      scope.options().mergeMode(MergeMode.INSERT);
    }
    List<Param> rest = params.stream().filter(param -> !param.name().equals(face.view)).toList();
    if (face == Face.SQL_EXPORT) {
      rest = withoutContext(rest);
    }
    scope.readBackend(rest, SHARED);
    Map<String, String> notes = new HashMap<>();
    readFormat(params, declared, scope, notes);
    Optional<String> trackingId = values.single(params, "clientTrackingId").flatMap(values::string);
    return new Wanted(
        kind,
        scope.options().build(),
        scope.parameters(),
        notes,
        trackingId,
        views(params, implied, declared),
        Param.names(params));
  }

  private Optional<String> kind(List<Param> params) {
    Optional<Param> given = values.single(params, "kind");
    if (given.isPresent()) {
      return values.code(given.get());
    }
    if (config.defaultKind().isEmpty()) {
      String known = backends.isEmpty() ? "none here" : String.join(", ", backends.keySet());
      problems.add(
          ProblemCode.MISSING_PARAMETER,
          "Name the kind of the backend; known kinds: " + known + ".",
          "Parameters.parameter.where(name='kind')");
    }
    return config.defaultKind();
  }

  private Scope.Declared declared(Optional<String> kind) {
    List<BackendParameter> known = kind.map(backends::get).orElse(List.of());
    return new Scope.Declared() {
      @Override
      public boolean isOpen() {
        return known.isEmpty();
      }

      @Override
      public Optional<BackendParameter> find(String name) {
        return known.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
      }
    };
  }

  private Optional<ViewFilters> readFilters(List<Param> params) {
    for (Param source : named(params, "source")) {
      problems.add(
          ProblemCode.NOT_SUPPORTED,
          "Only this server's own data can be exported; leave source out.",
          source.expression());
    }
    Optional<Instant> since = values.single(params, SINCE).flatMap(values::instant);
    List<String> groups = references(params, "group", "Group");
    ViewFilters filters = new ViewFilters(since, patientKeys(params), groups);
    return filters.equals(ViewFilters.NONE) ? Optional.empty() : Optional.of(filters);
  }

  /**
   * Relations hold a patient's id, or a reference to it, as the one who materialises them has it;
   * an id holds no slash, so neither is taken for the other.
   */
  private List<String> patientKeys(List<Param> params) {
    List<String> keys = new ArrayList<>();
    for (String reference : references(params, "patient", "Patient")) {
      keys.add(reference.substring(reference.indexOf('/') + 1));
      keys.add(reference);
    }
    return keys;
  }

  private List<String> references(List<Param> params, String name, String type) {
    List<String> found = new ArrayList<>();
    for (Param param : named(params, name)) {
      Optional<String> reference = values.reference(param);
      if (reference.isPresent() && !reference.get().matches(type + "/[A-Za-z0-9.-]{1,64}")) {
        String text = "This must be a reference such as " + type + "/123.";
        problems.add(ProblemCode.INVALID_VALUE, text, param.expression());
      } else {
        reference.ifPresent(found::add);
      }
    }
    return found;
  }

  private List<Param> withoutContext(List<Param> params) {
    for (Param context : named(params, "context")) {
      problems.add(
          ProblemCode.INVALID_VALUE,
          "A ViewDefinition depends on nothing, so no context can be matched; leave it out.",
          context.expression());
    }
    return params.stream().filter(param -> !param.name().equals("context")).toList();
  }

  /** The backend's if it knows them; else given back, or refused, as the profile says. */
  private void readFormat(
      List<Param> params, Scope.Declared declared, Scope scope, Map<String, String> notes) {
    for (String name : List.of(FORMAT, HEADER)) {
      Optional<Param> param = values.single(params, name);
      if (param.isEmpty()) {
        continue;
      }
      Optional<String> value =
          name.equals(FORMAT)
              ? values.code(param.get())
              : values.bool(param.get()).map(String::valueOf);
      if (declared.find(name).isPresent()) {
        value.ifPresent(text -> scope.parameters().put(name, text));
      } else if (config.profile() == ResponseProfile.SPEC) {
        problems.add(
            ProblemCode.NOT_SUPPORTED,
            "The backend writes no files, so it has no " + name + "; leave it out.",
            param.get().expression());
      } else if (name.equals(FORMAT) && value.filter(text -> !FORMATS.contains(text)).isPresent()) {
        problems.add(
            ProblemCode.INVALID_VALUE,
            "_format is one of: csv, json, ndjson, parquet.",
            param.get().expression());
      }
      value.ifPresent(text -> notes.put(name, text));
    }
  }

  private List<Wanted.View> views(
      List<Param> params, Optional<String> implied, Scope.Declared declared) {
    List<Param> given = named(params, face.view);
    if (implied.isPresent()) {
      given.forEach(this::refuseView);
      if (!ViewParam.isId(implied.get())) {
        String text = "There is no ViewDefinition of that id.";
        problems.add(ProblemCode.VIEW_NOT_RESOLVED, text, "ViewDefinition");
        return List.of();
      }
      return List.of(
          new Wanted.View(
              0,
              Optional.empty(),
              new ViewReference.ById(implied.get()),
              "ViewDefinition",
              ViewOptions.UNSET,
              Map.of(),
              Set.of()));
    }
    if (given.isEmpty()) {
      problems.add(
          ProblemCode.MISSING_PARAMETER,
          "Name at least one view to export, by the parameter " + face.view + ".",
          "Parameters.parameter.where(name='" + face.view + "')");
    } else if (given.size() > MOST_VIEWS) {
      String text = "A request may name %d views; divide it.".formatted(MOST_VIEWS);
      problems.add(ProblemCode.TOO_MANY_VIEWS, text, given.get(MOST_VIEWS).expression());
      return List.of();
    }
    List<Wanted.View> views = new ArrayList<>();
    for (int index = 0; index < given.size(); index++) {
      new ViewParam(face, problems, urls, declared)
          .read(index, given.get(index))
          .ifPresent(views::add);
    }
    return views;
  }

  private void refuseView(Param view) {
    problems.add(
        ProblemCode.INVALID_VALUE,
        "The path names the view already; leave " + face.view + " out.",
        view.expression());
  }

  private static List<Param> named(List<Param> params, String name) {
    return params.stream().filter(param -> param.name().equals(name)).toList();
  }
}
