// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.testkit.ManualStop;
import io.viewexport.testkit.SampleRows;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads a view as it is. */
final class TestRows {
  private TestRows() {}

  static SampleRows read(DataSource database, ViewName name) {
    PostgresViewSource source = PostgresViewSource.create(database);
    DescribedView view = source.describeView(name);
    SliceRequest whole =
        new SliceRequest(
            name,
            view.schema(),
            new ViewSlice.Whole(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            ViewFilters.NONE,
            Optional.empty());
    try (RowCursor rows = source.openSlice(whole, new ManualStop())) {
      return SampleRows.read(rows);
    }
  }
}
