// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives columns of a view the types that are asked for. */
final class ColumnTypes {
  private final Map<String, ColumnType> wanted;
  private final Part part;
  private final Issues issues;

  ColumnTypes(ExportRequest request, int view, Issues issues) {
    Map<String, ColumnType> ofView = request.views().get(view).options().columnTypes();
    wanted = new HashMap<>(request.options().columnTypes());
    wanted.putAll(ofView);
    part = new Part(view, !ofView.isEmpty());
    this.issues = issues;
  }

  DescribedView applied(DescribedView view) {
    if (wanted.isEmpty()) {
      return view;
    }
    List<ViewColumn> columns = new ArrayList<>();
    for (ViewColumn column : view.schema().columns()) {
      ColumnType type = wanted.getOrDefault(column.name(), column.type());
      if (column.type().canBeReadAs(type)) {
        columns.add(new ViewColumn(column.name(), type, column.sourceType()));
      } else {
        String text =
            "Column \"%s\" of %s is of type %s and can't be exported as %s."
                .formatted(column.name(), view.name(), column.sourceType(), type);
        issues.add("type-mismatch", text, part.named("columnTypes"));
        columns.add(column);
      }
    }
    return new DescribedView(
        view.name(),
        new ViewSchema(columns),
        view.estimatedRows(),
        view.estimatedBytes(),
        view.sliceKinds());
  }
}
