// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkedJobsTest {
  private final Rig rig = new Rig();
  private final List<String> loads = new ArrayList<>();
  private final OtherStore counting =
      new OtherStore(rig.store) {
        @Override
        void before(String call) {
          if (call.equals("load")) {
            loads.add(call);
          }
        }
      };

  @Test
  void aPlannedJobIsLoadedOnceAndAgainForItsCleanUp() {
    List<JobState> outcomes = new ArrayList<>();
    rig.backend.cleanup = (CancelContext context) -> outcomes.add(context.outcome());
    try (ExportService server = rig.server(counting)) {
      ExportJob job = server.submit(Rig.request(4, "sof.patient"));

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(loads).hasSize(2);
      assertThat(outcomes).containsExactly(JobState.COMPLETED);
    }
  }

  @Test
  void aJobThatWasPlannedHereIsLoadedAgainWithItsViews() {
    ExportConfig elsewhere =
        ExportConfig.builder().kindsElsewhere(Set.of(ScriptedBackend.KIND)).build();
    try (ExportService front =
            ExportService.builder()
                .store(rig.store)
                .source(rig.source)
                .config(elsewhere)
                .nanoTime(rig.clock)
                .build();
        ExportService server = rig.server(counting)) {
      ExportJob job = front.submit(Rig.request(1, "sof.patient"));

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(loads).hasSize(3);
    }
  }
}
