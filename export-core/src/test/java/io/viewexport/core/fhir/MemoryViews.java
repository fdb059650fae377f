// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSource;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** ViewDefinitions, and relations without rows. */
final class MemoryViews implements ViewResolver, ViewSource {
  private final Map<String, ResolvedView> byId = new HashMap<>();
  private final Map<String, ResolvedView> byUrl = new HashMap<>();
  private final Map<ViewName, ViewSchema> relations = new HashMap<>();
  volatile @Nullable RuntimeException fails;
  volatile BiFunction<List<String>, Optional<String>, List<ViewAdvice>> advice =
      (key, timestampColumn) -> List.of();

  /** Adds a view of an id, with columns such as {@code id text}. */
  MemoryViews with(String id, String definition, String... columns) {
    ViewName relation = new ViewName("sof", id);
    byId.put(id, ResolvedView.of(relation, definition));
    byUrl.put("http://example.org/ViewDefinition/" + id, ResolvedView.of(relation, definition));
    return withRelation(id, columns);
  }

  MemoryViews withRelation(String name, String... columns) {
    List<ViewColumn> found = new ArrayList<>();
    for (String column : columns) {
      String[] halves = column.split(" ", 2);
      ColumnType type =
          switch (halves[1]) {
            case "timestamptz" -> ColumnType.TIMESTAMP;
            case "date" -> ColumnType.DATE;
            case "int" -> ColumnType.INT;
            default -> ColumnType.STRING;
          };
      found.add(new ViewColumn(halves[0], type, halves[1]));
    }
    relations.put(new ViewName("sof", name), new ViewSchema(found));
    return this;
  }

  @Override
  public Optional<ResolvedView> resolve(ViewReference reference, Optional<String> principal) {
    if (reference instanceof ViewReference.ById id) {
      return Optional.ofNullable(byId.get(id.id()));
    }
    if (reference instanceof ViewReference.ByCanonical canonical) {
      return Optional.ofNullable(byUrl.get(canonical.url()));
    }
    if (((ViewReference.Inline) reference).definition().contains("\"name\":\"patients\"")) {
      return Optional.ofNullable(byId.get("patients"));
    }
    throw new ExportRefusedException(
        List.of(ExportIssue.of("not-supported", "Inline views are not supported.")));
  }

  @Override
  public DescribedView describeView(ViewName view) {
    RuntimeException failure = fails;
    if (failure != null) {
      throw failure;
    }
    ViewSchema schema = relations.get(view);
    if (schema == null) {
      throw new ExportRefusedException(
          List.of(ExportIssue.of("view-not-found", "There is no view " + view + ".")));
    }
    return new DescribedView(
        view,
        schema,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
  }

  @Override
  public List<ViewAdvice> adviseOn(
      ViewName view, List<String> key, Optional<String> timestampColumn) {
    return advice.apply(key, timestampColumn);
  }

  @Override
  public RowCursor openSlice(SliceRequest request, StopSignal stop) {
    return (RowCursor)
        Proxy.newProxyInstance(
            RowCursor.class.getClassLoader(),
            new Class<?>[] {RowCursor.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "next" -> false;
                  case "rowCount" -> 0L;
                  case "schema" -> request.schema();
                  default -> null;
                });
  }
}
