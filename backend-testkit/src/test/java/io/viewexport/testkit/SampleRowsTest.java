// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SampleRowsTest {
  private static final ViewSchema ID_AND_NOTE =
      new ViewSchema(List.of(column("id", ColumnType.STRING), column("note", ColumnType.STRING)));

  @Test
  void aCursorGivesEveryValueOfEveryType() {
    SampleRows rows = SampleRows.ofEveryType(200, 7);

    assertThat(SampleRows.read(rows.open())).isEqualTo(rows);
  }

  @Test
  void generatedRowsHoldNullsAndEdgesAndRepeatForASeed() {
    SampleRows rows = SampleRows.ofEveryType(50, 7);

    for (ViewColumn column : rows.schema().columns().subList(1, rows.schema().size())) {
      assertThat(rows.column(column.name()))
          .containsAll(SampleValues.edges(column.type()))
          .contains((Object) null);
    }
    assertThat(new HashSet<>(rows.column("id"))).hasSize(50).doesNotContainNull();
    assertThat(SampleRows.ofEveryType(50, 7)).isEqualTo(rows);
    assertThat(SampleRows.ofEveryType(50, 8)).isNotEqualTo(rows);
  }

  @Test
  void eachRowIsInExactlyOneSlice() {
    SampleRows rows =
        SampleRows.generate(ID_AND_NOTE, 500, 1).plus(SampleRows.of(ID_AND_NOTE, row(null, "x")));
    List<List<@Nullable Object>> cut = new ArrayList<>();
    for (int index = 0; index < 7; index++) {
      SampleRows slice = rows.slice(new ViewSlice.KeyHash(index, 7), List.of("id"));
      assertThat(slice.size()).isBetween(30, 120);
      cut.addAll(slice.rows());
    }

    assertThat(cut).containsExactlyInAnyOrderElementsOf(rows.rows());
    assertThat(rows.slice(new ViewSlice.KeyHash(0, 7), List.of("id")).column("id"))
        .contains((Object) null);
    assertThat(rows.slice(new ViewSlice.Whole(), List.of())).isEqualTo(rows);
  }

  @Test
  void aCursorIsStrict() {
    RowCursor cursor = SampleRows.of(ID_AND_NOTE, row("a", null), row("b", "y")).open();
    assertThatThrownBy(() -> cursor.isNull(0)).isInstanceOf(IllegalStateException.class);
    assertThat(cursor.next()).isTrue();
    assertThatThrownBy(() -> cursor.intValue(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.bytes(1)).isInstanceOf(IllegalStateException.class);
    byte[] first = cursor.bytes(0);
    int at = cursor.byteOffset(0);
    assertThat(first[at]).isEqualTo((byte) 'a');
    assertThat(at).isPositive();

    cursor.next();
    assertThat(first[at]).isNotEqualTo((byte) 'a');
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.rowCount()).isEqualTo(2);
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCursorStopsWhenToldTo() {
    ManualStop stop = new ManualStop();
    RowCursor cursor = SampleRows.generate(ID_AND_NOTE, 3, 1).open(stop);
    cursor.next();
    stop.stop(StopReason.SHUTDOWN);

    assertThatThrownBy(cursor::next).isInstanceOf(ExportStoppedException.class);
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    ViewSchema price = new ViewSchema(List.of(column("price", ColumnType.decimal(4, 2))));

    assertThat(SampleRows.of(price, row(new BigDecimal("1.5"))).rows().get(0))
        .containsExactly(new BigDecimal("1.50"));
    assertThatThrownBy(() -> SampleRows.of(price, row(1.5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SampleRows.of(price, row(new BigDecimal("100"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SampleRows.of(price, row()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
