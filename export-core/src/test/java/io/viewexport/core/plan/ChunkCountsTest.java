// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkCountsTest {
  private static final ViewSettings USUAL = ViewOptions.UNSET.resolve(ViewOptions.UNSET);

  private static DescribedView view(OptionalLong rows, OptionalLong bytes) {
    return new DescribedView(
        new ViewName("sof", "t"),
        new ViewSchema(List.of(new ViewColumn("id", ColumnType.STRING, "text"))),
        rows,
        bytes,
        EnumSet.allOf(SliceKind.class));
  }

  @ParameterizedTest
  @CsvSource({
    // rows, bytes, readers, by key, by pages
    "0,          0,            8,  1,  1",
    "1000,       100000,       8,  1,  1",
    "1000000,    300000000,    8,  2,  9",
    "5000000,    1000000,      8,  5,  1",
    "100000000,  100000000000, 8,  8,  32",
    "100000000,  100000000000, 99, 16, 64",
    "100000000,  100000000000, 1,  1,  4",
    "100000000,  20000,        8,  8,  1",
  })
  void theSizeDecides(long rows, long bytes, int readers, int byKey, int byPages) {
    DescribedView view = view(OptionalLong.of(rows), OptionalLong.of(bytes));
    assertThat(ChunkCounts.choose(view, USUAL, false, readers)).isEqualTo(byKey);
    assertThat(ChunkCounts.choose(view, USUAL, true, readers)).isEqualTo(byPages);
  }

  @Test
  void oneWhereNothingIsKnownOrFewRowsAreWantedOrNoKeyIsThere() {
    DescribedView unknown = view(OptionalLong.empty(), OptionalLong.empty());
    DescribedView large = view(OptionalLong.of(50_000_000), OptionalLong.empty());
    ViewFilters since = ViewFilters.since(Instant.EPOCH);
    ViewSettings filtered = ViewOptions.builder().filters(since).build().resolve(ViewOptions.UNSET);
    ViewSettings keyless =
        ViewOptions.builder().mergeKey(List.of("nope")).build().resolve(ViewOptions.UNSET);
    assertThat(ChunkCounts.choose(unknown, USUAL, false, 8)).isEqualTo(1);
    assertThat(ChunkCounts.choose(large, filtered, false, 8)).isEqualTo(1);
    assertThat(ChunkCounts.choose(large, keyless, false, 8)).isEqualTo(1);
    assertThat(ChunkCounts.choose(large, USUAL, false, 8)).isEqualTo(8);
  }

  @Test
  void whatIsAskedForIsTaken() {
    ViewSettings asked = ViewOptions.builder().chunkCount(3).build().resolve(ViewOptions.UNSET);
    assertThat(ChunkCounts.with(asked, 9)).isEqualTo(asked);
    assertThat(ChunkCounts.with(USUAL, 9).chunkCount()).hasValue(9);
  }
}
