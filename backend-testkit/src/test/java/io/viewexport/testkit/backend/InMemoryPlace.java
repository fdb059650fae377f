// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.SampleRows;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** A lake in memory. */
class InMemoryPlace implements BackendFixture {
  final InMemoryLake lake = new InMemoryLake();

  @Override
  public ExportBackend openBackend() {
    return new InMemoryBackend(lake);
  }

  @Override
  public Map<String, String> parameters(String target) {
    return Map.of(InMemoryBackend.TARGET, target);
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    return lake.target(target).map(rows -> BackendWorld.projected(rows, schema));
  }

  /** The lake itself lies in memory. */
  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.empty();
  }

  @Override
  public Set<String> residue() {
    return new TreeSet<>(lake.stagingNames());
  }
}
