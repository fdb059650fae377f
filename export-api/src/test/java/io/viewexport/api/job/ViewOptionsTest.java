// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.view.ViewFilters;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewOptionsTest {
  private static final ViewFilters RECENT = ViewFilters.since(Instant.EPOCH);

  @Test
  void defaultsToInsertById() {
    ViewSettings settings = ViewOptions.UNSET.resolve(ViewOptions.UNSET);

    assertThat(settings.mergeKey()).containsExactly("id");
    assertThat(settings.mergeMode()).isEqualTo(MergeMode.INSERT);
    assertThat(settings.filters()).isEqualTo(ViewFilters.NONE);
    assertThat(settings.chunkCount()).isEmpty();
  }

  @Test
  void defaultsToUpsertWhereSinceIsGiven() {
    ViewOptions ofJob = ViewOptions.builder().filters(RECENT).build();

    assertThat(ViewOptions.UNSET.resolve(ofJob).mergeMode()).isEqualTo(MergeMode.UPSERT);
    assertThat(
            ViewOptions.builder().mergeMode(MergeMode.HISTORY).build().resolve(ofJob).mergeMode())
        .isEqualTo(MergeMode.HISTORY);
  }

  @Test
  void theViewsOwnOptionsOverrideTheJobs() {
    ViewOptions ofJob =
        ViewOptions.builder()
            .chunkCount(2)
            .mergeKey(List.of("a"))
            .mergeMode(MergeMode.UPSERT)
            .timestampColumn("t")
            .patientColumn("p")
            .filters(RECENT)
            .build();
    ViewOptions own =
        ViewOptions.builder()
            .chunkCount(3)
            .mergeKey(List.of("b", "c"))
            .mergeMode(MergeMode.REPLACE)
            .timestampColumn("u")
            .patientColumn("q")
            .filters(ViewFilters.NONE)
            .build();

    ViewSettings settings = own.resolve(ofJob);

    assertThat(settings.chunkCount()).hasValue(3);
    assertThat(settings.mergeKey()).containsExactly("b", "c");
    assertThat(settings.mergeMode()).isEqualTo(MergeMode.REPLACE);
    assertThat(settings.timestampColumn()).contains("u");
    assertThat(settings.patientColumn()).contains("q");
    assertThat(settings.filters()).isEqualTo(ViewFilters.NONE);
    assertThat(ViewOptions.UNSET.resolve(ofJob).mergeKey()).containsExactly("a");
  }

  @Test
  void refusesAChunkCountBelowOne() {
    assertThatThrownBy(() -> ViewOptions.builder().chunkCount(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }
}
