// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultyCursorTest {
  private static final SampleRows ROWS = SampleRows.ofEveryType(5, 1);

  @Test
  void eachFaultStrikesOnceWhereItWasPut() {
    List<String> struck = new ArrayList<>();
    FaultyCursor rows = new FaultyCursor(ROWS.open());
    rows.at(0, () -> struck.add("first " + rows.rowCount()))
        .at(3, () -> struck.add("third " + rows.rowCount()))
        .atEnd(() -> struck.add("end " + rows.rowCount()));

    assertThat(SampleRows.read(rows)).isEqualTo(ROWS);
    assertThat(rows.next()).isFalse();
    assertThat(struck).containsExactly("first 0", "third 3", "end 5");
  }

  @Test
  void afterAFailureTheRowsGoOn() {
    FaultyCursor rows = new FaultyCursor(ROWS.open()).fail(2, IllegalStateException::new);

    assertThat(rows.next()).isTrue();
    assertThat(rows.next()).isTrue();
    assertThatThrownBy(rows::next).isInstanceOf(IllegalStateException.class);
    assertThat(rows.next()).isTrue();
    assertThat(rows.rowCount()).isEqualTo(3);
  }

  @Test
  void whatIsMeantForLaterRowsStrikesAtTheEnd() {
    FaultyCursor rows = new FaultyCursor(ROWS.open()).fail(90, IllegalStateException::new);

    assertThatThrownBy(() -> SampleRows.read(rows)).isInstanceOf(IllegalStateException.class);
    assertThat(rows.rowCount()).isEqualTo(5);
  }
}
