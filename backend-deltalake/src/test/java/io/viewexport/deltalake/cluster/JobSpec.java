// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a job exports; as text for another process, too.
 *
 * @param schema where the views are
 * @param place where the tables go: a folder in which is nothing else, or a schema of a workspace
 * @param views at least one
 */
record JobSpec(String schema, String place, List<ViewSpec> views) {
  JobSpec {
    views = List.copyOf(views);
  }

  JobSpec(String schema, Path folder, List<ViewSpec> views) {
    this(schema, folder.toString(), views);
  }

  static JobSpec parse(String text) {
    String[] parts = text.split(" ", -1);
    List<ViewSpec> views = Arrays.stream(parts[2].split(",", -1)).map(ViewSpec::parse).toList();
    return new JobSpec(parts[0], parts[1], views);
  }

  @Override
  public String toString() {
    return schema
        + " "
        + place
        + " "
        + views.stream().map(ViewSpec::toString).collect(Collectors.joining(","));
  }

  Path folder() {
    return Path.of(place);
  }

  Path table(ViewSpec view) {
    return folder().resolve(view.name());
  }

  private Map<String, String> target(ViewSpec view) {
    return folder().isAbsolute()
        ? Map.of("tablePath", table(view).toString())
        : Map.of("tableName", place + "." + view.name());
  }

  /** The request, one target for each view. */
  ExportRequest request() {
    ExportRequest.Builder request = ExportRequest.builder(DeltaLakeBackend.KIND);
    for (ViewSpec view : views) {
      request.view(
          new ViewRequest(
              view.name(), new ViewName(schema, view.name()), options(view), target(view)));
    }
    return request.build();
  }

  private static ViewOptions options(ViewSpec view) {
    ViewOptions.Builder options =
        ViewOptions.builder().chunkCount(view.chunks()).mergeMode(view.mode());
    if (view.mode() == MergeMode.UPSERT || view.mode() == MergeMode.HISTORY) {
      options.timestampColumn("ts");
    }
    return options.build();
  }

  /** Makes the views of a round; the schema is made with the first. */
  void makeViews(int round) {
    SourceDatabase.execute("create schema if not exists " + schema);
    for (ViewSpec view : views) {
      SourceDatabase.execute(
          "create or replace view " + schema + "." + view.name() + " as " + view.viewSql(round));
    }
  }
}
