// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.testkit.ContractRule;
import io.viewexport.testkit.internal.RuleReport;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.opentest4j.TestAbortedException;

/** The report on the rules of backends: one table for each test class. */
final class BackendReport extends RuleReport<ExportBackendContract, BackendWorld>
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {
  private static final Namespace TABLES = Namespace.create(BackendReport.class);

  BackendReport() {
    super(ExportBackendContract.class, BackendWorld.class);
  }

  @Override
  protected BackendWorld open(ExportBackendContract tests) {
    return new BackendWorld(tests.open());
  }

  @Override
  protected ContractRule ruleOf(Method test) {
    return BackendRule.of(test);
  }

  /** What the tests of a class found: of which kind is known with the first world. */
  private static final class Table {
    private Optional<Conformance> conformance = Optional.empty();
    private Optional<ExportBackendContract> tests = Optional.empty();
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    tests.getStore(TABLES).put(Table.class, new Table());
  }

  @Override
  public BackendWorld resolveParameter(ParameterContext parameter, ExtensionContext test) {
    BackendWorld world = super.resolveParameter(parameter, test);
    Table table = test.getStore(TABLES).get(Table.class, Table.class);
    synchronized (table) {
      if (table.conformance.isEmpty()) {
        table.conformance = Optional.of(new Conformance(world.backend.kind()));
        table.tests = Optional.of((ExportBackendContract) test.getRequiredTestInstance());
      }
    }
    return world;
  }

  @Override
  public void afterTestExecution(ExtensionContext test) {
    Table table = test.getStore(TABLES).get(Table.class, Table.class);
    Optional<Throwable> thrown = test.getExecutionException();
    if (thrown.isPresent() && thrown.get() instanceof TestAbortedException) {
      return;
    }
    Conformance.Result result =
        world(test).isRefused()
            ? Conformance.Result.REFUSED_AS_DECLARED
            : Conformance.Result.PASSED;
    table
        .conformance
        .orElseThrow()
        .add(
            BackendRule.of(test.getRequiredTestMethod()),
            thrown.isPresent() ? Conformance.Result.FAILED : result);
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    Table table = tests.getStore(TABLES).get(Table.class, Table.class);
    table.tests.ifPresent(any -> any.publish(table.conformance.orElseThrow()));
  }
}
