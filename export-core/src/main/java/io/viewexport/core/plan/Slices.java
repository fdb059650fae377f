// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.view.ViewSlice;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts a view so that each row is in exactly one slice. */
final class Slices {
  private Slices() {}

  static List<ViewSlice> cut(int count) {
    if (count == 1) {
      return List.of(new ViewSlice.Whole());
    }
    return IntStream.range(0, count)
        .<ViewSlice>mapToObj(index -> new ViewSlice.KeyHash(index, count))
        .toList();
  }
}
