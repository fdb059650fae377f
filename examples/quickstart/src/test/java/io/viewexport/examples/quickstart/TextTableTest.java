// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void columnsAreAsWideAsTheirValues() {
    assertThat(
            TextTable.render(
                List.of("id", "city"), List.of(List.of("17", "Boston"), List.of("4", "")), 80))
        .containsExactly("id  city", "--  ------", "17  Boston", "4");
  }

  @Test
  void whatDoesNotFitIsCutOrNamed() {
    assertThat(
            TextTable.render(
                List.of("a", "b", "c"), List.of(List.of("x\ny", "z".repeat(50), "1")), 21))
        .containsExactly(
            "a    b",
            "---  " + "-".repeat(16),
            "x y  " + "z".repeat(15) + "…",
            "and of each row also: c");
  }
}
