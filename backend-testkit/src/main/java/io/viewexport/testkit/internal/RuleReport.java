// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.internal;

import io.viewexport.testkit.ContractRule;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Gives each test its world, and says in its failure which rule it is about.
 *
 * @param <C> the contract, which the test class extends
 * @param <W> what a test plays with; JUnit closes it after the test
 */
public abstract class RuleReport<C, W extends AutoCloseable>
    implements ParameterResolver, TestExecutionExceptionHandler {
  private static final Namespace WORLDS = Namespace.create(RuleReport.class);

  private final Class<C> contract;
  private final Class<W> world;

  /** For tests of this contract with parameters of this type. */
  protected RuleReport(Class<C> contract, Class<W> world) {
    this.contract = contract;
    this.world = world;
  }

  /** Makes a world for one test. */
  protected abstract W open(C tests);

  /** The rule of a test. */
  protected abstract ContractRule ruleOf(Method test);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == world;
  }

  @Override
  public W resolveParameter(ParameterContext parameter, ExtensionContext test) {
    W opened = open(contract.cast(test.getRequiredTestInstance()));
    test.getStore(WORLDS).put(test.getUniqueId(), opened);
    return opened;
  }

  /** The world of a test that has begun. */
  protected W world(ExtensionContext test) {
    return test.getStore(WORLDS).get(test.getUniqueId(), world);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext test, Throwable thrown)
      throws Throwable {
    if (thrown instanceof TestAbortedException) {
      throw thrown;
    }
    ContractRule rule = ruleOf(test.getRequiredTestMethod());
    throw new AssertionError(rule.broken(String.valueOf(thrown.getMessage())), thrown);
  }
}
