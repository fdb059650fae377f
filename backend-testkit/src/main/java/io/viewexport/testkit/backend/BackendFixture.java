// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.Experimental;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.WriteGate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a backend's author tells {@link ExportBackendContract} of the backend: one place that it
 * writes to, empty at first, such as a folder, a bucket or a schema.
 */
public interface BackendFixture extends AutoCloseable {

  /**
   * One more server's backend, on the same place as all others of this fixture, that shares nothing
   * with them in memory. The contract closes what it gets.
   *
   * @return a backend that no one else has
   */
  ExportBackend openBackend();

  /**
   * The parameters by which a view is exported to the target of this name: the same for the same
   * name; a name that was not used before means a target that is not there.
   *
   * @param target letters, digits and underscores
   * @return as a request gives them for one view
   */
  Map<String, String> parameters(String target);

  /**
   * The rows of a target as those see them who use it: not by the backend's own code, where that is
   * possible. Read while exports run, too, on another thread.
   *
   * @param target as {@link #parameters} was asked for
   * @param schema the columns to read, of the types that the rows were exported with; columns that
   *     the target has beside these are left out, columns that it lacks are NULL
   * @return in any order; empty where the target is not there
   */
  Optional<SampleRows> read(String target, ViewSchema schema);

  /**
   * Names of all that exports have left in the place and that belongs to no target: staging, files
   * that no target refers to, temporary tables. What is listed once chunks are staged is listed
   * until clean-up, whatever finalize does; a record that a job was merged, which has to stay, is
   * none of it.
   *
   * @return names for messages; the same thing has the same name each time
   */
  Set<String> residue();

  /**
   * What an export does to a target that is there.
   *
   * @return {@link ExistingTarget#MERGED}, the strictest, by default
   */
  default ExistingTarget existingTarget() {
    return ExistingTarget.MERGED;
  }

  /**
   * What clean-up does with the staging of a view whose merge has no known outcome.
   *
   * @return {@link DoubtfulStaging#KEPT} by default
   */
  default DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.KEPT;
  }

  /**
   * The most bytes of memory that a running chunk may take beside what it reads at the moment; the
   * test writes four times as many. Empty where that can't be measured, as the place itself lies in
   * this JVM's memory: then the rule stays untested.
   *
   * @return bytes; 16 MiB by default
   */
  default OptionalLong memoryPerChunk() {
    return OptionalLong.of(16 * 1024 * 1024);
  }

  /**
   * A gate that every write of a chunk to the place passes: to see what a slow target does.
   *
   * @return empty by default: then that stays untested
   */
  @Experimental
  default Optional<WriteGate> writeGate() {
    return Optional.empty();
  }

  /**
   * {@return texts that the backend was built with and that nobody may see: passwords, keys,
   * tokens}
   */
  default List<String> secrets() {
    return List.of();
  }

  /**
   * {@return failures of the place that can be switched on} Each is met several times, so the
   * backend is to be built with short waits here.
   */
  default List<BackendFault> faults() {
    return List.of();
  }

  /** Frees the place; the backends are closed by then. */
  @Override
  default void close() {}
}
