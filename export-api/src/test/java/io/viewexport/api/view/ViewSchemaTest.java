// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViewSchemaTest {
  private static final ViewColumn ID = new ViewColumn("id", ColumnType.STRING, "text");

  @Test
  void findsColumnsByExactName() {
    ViewSchema schema =
        new ViewSchema(List.of(ID, new ViewColumn("Id", ColumnType.INT, "integer")));

    assertThat(schema.indexOf("Id")).hasValue(1);
    assertThat(schema.find("id")).contains(ID);
    assertThat(schema.find("ID")).isEmpty();
    assertThat(schema.indexOf("ID")).isEmpty();
  }

  @Test
  void refusesNoColumnsAndEqualNames() {
    assertThatThrownBy(() -> new ViewSchema(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ViewSchema(List.of(ID, ID)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"id\"");
  }

  @Test
  void decimalsHaveOneToThirtyEightDigits() {
    assertThat(ColumnType.decimal(38, 38)).hasToString("DECIMAL(38,38)");
    assertThatThrownBy(() -> ColumnType.decimal(39, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ColumnType.decimal(5, 6)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ColumnType(ColumnType.Kind.INT, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
