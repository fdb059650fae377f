// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.chunk;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChunkReceiptTest {

  @Test
  void payloadsHaveAtMostFourKibibytesOfUtf8() {
    assertThatCode(() -> new ChunkReceipt("x".repeat(4096), 0, 0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new ChunkReceipt("ü".repeat(2049), 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4098");
  }

  @Test
  void countsAreNotNegative() {
    assertThatThrownBy(() -> new ChunkReceipt("", -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
