// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks the views of a request up: the definition, the relation, and whether the two agree. */
final class ViewLookup {
  private static final int MOST_NAMES = 20;

  private final ViewResolver resolver;
  private final Function<ViewName, DescribedView> relations;
  private final ExportOperationConfig.Decimals decimals;
  private final Problems problems;

  ViewLookup(
      ViewResolver resolver,
      Function<ViewName, DescribedView> relations,
      ExportOperationConfig.Decimals decimals,
      Problems problems) {
    this.resolver = resolver;
    this.relations = relations;
    this.decimals = decimals;
    this.problems = problems;
  }

  /**
   * The view as the engine takes it; empty where there is none, with the reason among the problems.
   *
   * @param ofJob what is asked for all views
   */
  Optional<ViewRequest> find(Wanted.View view, ViewOptions ofJob, Optional<String> principal) {
    if (view.reference() instanceof ViewReference.Inline inline
        && shape(inline.definition(), view).isEmpty()) {
      return Optional.empty();
    }
    Optional<ResolvedView> resolved = resolve(view, principal);
    Optional<ViewShape> shape =
        resolved.flatMap(
            found ->
                found
                    .definition()
                    .map(definition -> shape(definition, view))
                    .orElse(Optional.of(ViewShape.UNKNOWN)));
    if (resolved.isEmpty() || shape.isEmpty()) {
      return Optional.empty();
    }
    Optional<DescribedView> relation = describe(resolved.get().relation(), view);
    if (relation.isEmpty()) {
      return Optional.empty();
    }
    ViewColumns columns = new ViewColumns(resolved.get(), shape.get(), relation.get().schema());
    if (!columns.missing().isEmpty()) {
      problems.add(
          ProblemCode.VIEW_OUT_OF_DATE, outOfDate(resolved.get(), columns), view.expression());
      return Optional.empty();
    }
    String name = view.name().or(shape.get()::name).orElse(resolved.get().relation().name());
    return Optional.of(
        new ViewRequest(
            name,
            resolved.get().relation(),
            columns.options(view.options(), ofJob, decimals),
            view.parameters()));
  }

  private Optional<ResolvedView> resolve(Wanted.View view, Optional<String> principal) {
    try {
      Optional<ResolvedView> found = resolver.resolve(view.reference(), principal);
      if (found.isEmpty()) {
        problems.add(notResolved(view));
      }
      return found;
    } catch (ExportRefusedException refused) {
      refuse(refused.issues(), view);
      return Optional.empty();
    }
  }

  private static Problem notResolved(Wanted.View view) {
    if (view.reference() instanceof ViewReference.ByCanonical canonical
        && canonical.url().contains("/Library/")) {
      return Problem.of(ProblemCode.NOT_SUPPORTED, ViewParam.NO_LIBRARY, view.expression());
    }
    String text = "There is no " + described(view.reference()) + ".";
    return Problem.of(ProblemCode.VIEW_NOT_RESOLVED, text, view.expression());
  }

  private Optional<DescribedView> describe(ViewName relation, Wanted.View view) {
    try {
      return Optional.of(relations.apply(relation));
    } catch (ExportRefusedException refused) {
      refuse(refused.issues(), view);
      return Optional.empty();
    }
  }

  private void refuse(List<ExportIssue> issues, Wanted.View view) {
    issues.forEach(issue -> problems.add(Problem.of(issue, Optional.of(view.expression()))));
  }

  private Optional<ViewShape> shape(String definition, Wanted.View view) {
    Optional<JsonNode> json = FhirJson.read(definition);
    List<String> found = new ArrayList<>();
    if (json.isEmpty()) {
      found.add("It is no JSON.");
    }
    Optional<ViewShape> shape = json.map(document -> ViewDefinitionReader.read(document, found));
    for (String reason : found) {
      problems.add(
          ProblemCode.INVALID_VIEW_DEFINITION,
          "The ViewDefinition can't be exported: " + reason,
          view.expression());
    }
    return found.isEmpty() ? shape : Optional.empty();
  }

  private static String outOfDate(ResolvedView view, ViewColumns columns) {
    return "Relation %s lacks columns of its ViewDefinition (%s); have it materialised anew."
        .formatted(
            view.relation(),
            columns.missing().stream()
                .limit(MOST_NAMES)
                .map(ParametersReader::quote)
                .collect(Collectors.joining(", ")));
  }

  private static String described(ViewReference reference) {
    if (reference instanceof ViewReference.ById byId) {
      return "ViewDefinition/" + byId.id();
    }
    if (reference instanceof ViewReference.ByCanonical canonical) {
      String version = canonical.version().map(text -> "|" + text).orElse("");
      return "ViewDefinition with the URL " + ParametersReader.quote(canonical.url() + version);
    }
    return "relation for the ViewDefinition that the request brings along";
  }
}
