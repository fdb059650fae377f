// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.ViewSlice;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlicesTest {

  @Property(tries = 300)
  void everyHashIsInExactlyOneSlice(
      @ForAll @IntRange(min = 1, max = 500) int count, @ForAll int hash) {
    List<ViewSlice> slices = Slices.cut(count);
    assertThat(slices).hasSize(count);
    assertThat(slices.stream().filter(slice -> holds(slice, hash))).hasSize(1);
  }

  private static boolean holds(ViewSlice slice, int hash) {
    return !(slice instanceof ViewSlice.KeyHash part)
        || Math.floorMod(hash, part.count()) == part.index();
  }
}
