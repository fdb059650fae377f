// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.ViewSlice;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SlicesTest {

  @Property(tries = 300)
  void everyHashIsInExactlyOneSlice(
      @ForAll @IntRange(min = 1, max = 500) int count, @ForAll int hash) {
    List<ViewSlice> slices = Slices.cut(count);
    assertThat(slices).hasSize(count);
    assertThat(slices.stream().filter(slice -> holds(slice, hash))).hasSize(1);
  }

  @Property(tries = 300)
  void everyPageIsInExactlyOneSlice(
      @ForAll @IntRange(min = 1, max = 500) int count,
      @ForAll @LongRange(min = 0, max = 1L << 45) long bytes,
      @ForAll @LongRange(min = 0, max = 1L << 33) long page) {
    List<ViewSlice> slices = Slices.cutByPages(count, bytes);
    assertThat(slices).hasSize(count);
    assertThat(slices.stream().filter(slice -> holdsPage(slice, page))).hasSize(1);
    assertThat(slices.stream().filter(slice -> holdsPage(slice, Long.MAX_VALUE - 1))).hasSize(1);
  }

  private static boolean holdsPage(ViewSlice slice, long page) {
    return !(slice instanceof ViewSlice.PageRange range)
        || (page >= range.fromPage() && page < range.toPage());
  }

  private static boolean holds(ViewSlice slice, int hash) {
    return !(slice instanceof ViewSlice.KeyHash part)
        || Math.floorMod(hash, part.count()) == part.index();
  }
}
