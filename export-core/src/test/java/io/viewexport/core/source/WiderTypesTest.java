// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WiderTypesTest {
  private static final String VALUES =
      "select 7::int2 as s, 2147483647 as i, 0.5::float4 as f, 12.50::numeric(10,2) as d,"
          + " 12345678901234567168::numeric(30,1) as l, null::int as n";

  private static DescribedView as(DescribedView view, ColumnType... types) {
    List<ViewColumn> columns = new ArrayList<>();
    for (int index = 0; index < types.length; index++) {
      ViewColumn column = view.schema().columns().get(index);
      columns.add(new ViewColumn(column.name(), types[index], column.sourceType()));
    }
    return new DescribedView(
        view.name(),
        new ViewSchema(columns),
        view.estimatedRows(),
        view.estimatedBytes(),
        view.sliceKinds());
  }

  private static DescribedView described() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute("create view " + schema + ".v as " + VALUES);
    return TestDatabase.source().describeView(new ViewName(schema, "v"));
  }

  @Test
  void deliversNumbersAsWiderOnes() {
    DescribedView wider =
        as(
            described(),
            ColumnType.BIGINT,
            ColumnType.BIGINT,
            ColumnType.DOUBLE,
            ColumnType.DOUBLE,
            ColumnType.DOUBLE,
            ColumnType.BIGINT);
    assertThat(TestDatabase.read(TestDatabase.source(), TestDatabase.whole(wider)))
        .containsExactly(List.of(7L, 2147483647L, 0.5, 12.5, 1.2345678901234567E19, "NULL"));
  }

  @Test
  void deliversNothingAsNarrowerOrOther() {
    DescribedView view = described();
    for (ColumnType type : List.of(ColumnType.STRING, ColumnType.DOUBLE, ColumnType.DATE)) {
      ColumnType[] types =
          view.schema().columns().stream().map(ViewColumn::type).toArray(ColumnType[]::new);
      types[1] = type;
      DescribedView other = as(view, types);
      assertThatThrownBy(() -> TestDatabase.read(TestDatabase.source(), TestDatabase.whole(other)))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("another type in column \"i\"");
    }
  }
}
