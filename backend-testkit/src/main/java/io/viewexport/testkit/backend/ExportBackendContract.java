// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What any {@link io.viewexport.api.backend.ExportBackend} does, as tests: see {@link BackendRule}
 * for the rules by number. The author of a backend writes one class:
 *
 * <pre>{@code
 * class MyBackendConformanceTest extends ExportBackendContract {
 *   @Override
 *   protected BackendFixture open() {
 *     return new MyPlace(); // openBackend(), parameters(target), read(target, schema), residue()
 *   }
 * }
 * }</pre>
 *
 * <p>Each test begins with a place of its own. No engine is needed; where faults are to be healed,
 * the real one is stepped. A failed test names its rule and says where to look. In the end, a table
 * of all rules is printed and written to {@code target/viewexport-conformance/{kind}.md}.
 */
@ExtendWith(BackendReport.class)
@Timeout(120)
public abstract class ExportBackendContract
    implements PlanRules,
        ChunkRules,
        FinalizeRules,
        ModeRules,
        RepeatRules,
        KeyRules,
        WithdrawRules,
        StopRules,
        CleanupRules,
        FailureRules,
        ValueRules,
        SecrecyRules,
        ConcurrencyRules,
        ResourceRules,
        EngineRules {

  /** For subclasses. */
  protected ExportBackendContract() {}

  /**
   * A place without a target or staging; called once for each test.
   *
   * @return a fixture that the contract closes
   */
  protected abstract BackendFixture open();

  /**
   * Takes the table of the rules when all tests have run. Prints it and writes it to a file, unless
   * overridden.
   *
   * @param conformance what became of each rule
   */
  protected void publish(Conformance conformance) {
    String table = conformance.table();
    System.out.println(table);
    Path folder = Path.of("target", "viewexport-conformance");
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(conformance.kind() + ".md"), table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
