// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The columns of a ViewDefinition found again in its relation. */
final class ViewColumns {
  private final ResolvedView view;
  private final ViewShape shape;
  private final ViewSchema schema;

  ViewColumns(ResolvedView view, ViewShape shape, ViewSchema schema) {
    this.view = view;
    this.shape = shape;
    this.schema = schema;
  }

  /** The columns that the definition has and the relation has not. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (ViewShape.Column column : shape.columns()) {
      if (find(column.name()).isEmpty()) {
        missing.add(column.name());
      }
    }
    return missing;
  }

  /** What is asked for a view, with what the definition and the host know where nothing is. */
  ViewOptions options(ViewOptions own, ViewOptions ofJob, ExportOperationConfig.Decimals decimals) {
    boolean keyAsked = !own.mergeKey().isEmpty() || !ofJob.mergeKey().isEmpty();
    boolean since = ofJob.filters().flatMap(filters -> filters.since()).isPresent();
    boolean patients = ofJob.filters().filter(ViewFilters::limitsPatients).isPresent();
    return new ViewOptions(
        own.chunkCount(),
        keyAsked ? own.mergeKey() : usualKey(),
        own.mergeMode(),
        own.timestampColumn().or(() -> ofJob.timestampColumn()).or(() -> timestamp(since)),
        own.patientColumn().or(() -> ofJob.patientColumn()).or(() -> patient(patients)),
        own.filters(),
        types(decimals));
  }

  /** Where the FHIR type asks for another than the column has, and the column can be read so. */
  private Map<String, ColumnType> types(ExportOperationConfig.Decimals decimals) {
    Map<String, ColumnType> types = new HashMap<>();
    for (ViewShape.Column defined : shape.columns()) {
      Optional<ViewColumn> column = find(defined.name());
      Optional<ColumnType> wanted =
          defined.collection()
              ? Optional.empty()
              : defined.type().flatMap(type -> FhirTypes.columnType(type, decimals));
      if (column.isPresent()
          && wanted.filter(type -> !type.equals(column.get().type())).isPresent()
          && column.get().type().canBeReadAs(wanted.get())) {
        types.put(column.get().name(), wanted.get());
      }
    }
    return types;
  }

  /** Nothing where the relation has the usual key; else the column of the resource's key. */
  private List<String> usualKey() {
    if (schema.find(ViewOptions.DEFAULT_MERGE_KEY.get(0)).isPresent()) {
      return List.of();
    }
    return shape.idColumn().flatMap(this::find).map(ViewColumn::name).stream().toList();
  }

  /**
   * A column of another type than a time is of no use.
   *
   * @param needed whether one must be there: then it is for the engine to say what is wrong with it
   */
  private Optional<String> timestamp(boolean needed) {
    return view.timestampColumn()
        .or(shape::timestampColumn)
        .flatMap(this::find)
        .filter(column -> needed || isTime(column.type().kind()))
        .map(ViewColumn::name);
  }

  /**
   * A column of another type than a key is of no use.
   *
   * @param needed whether one must be there, as for {@link #timestamp}
   */
  private Optional<String> patient(boolean needed) {
    return view.patientColumn()
        .or(shape::patientColumn)
        .flatMap(this::find)
        .filter(column -> needed || isKey(column.type().kind()))
        .map(ViewColumn::name);
  }

  /** By exactly its name, or by its only spelling, as some databases fold the case of names. */
  private Optional<ViewColumn> find(String name) {
    List<ViewColumn> folded =
        schema.columns().stream().filter(column -> column.name().equalsIgnoreCase(name)).toList();
    return schema
        .find(name)
        .or(() -> folded.size() == 1 ? folded.stream().findFirst() : Optional.empty());
  }

  private static boolean isKey(ColumnType.Kind kind) {
    return kind == ColumnType.Kind.STRING
        || kind == ColumnType.Kind.INT
        || kind == ColumnType.Kind.BIGINT;
  }

  private static boolean isTime(ColumnType.Kind kind) {
    return kind == ColumnType.Kind.TIMESTAMP || kind == ColumnType.Kind.DATE;
  }
}
