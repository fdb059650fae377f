// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Gives each test its world, and says in its failure which rule it is about. */
final class RuleReport implements ParameterResolver, TestExecutionExceptionHandler {
  private static final Namespace WORLDS = Namespace.create(RuleReport.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == StoreWorld.class;
  }

  /** JUnit closes the world after the test. */
  @Override
  public StoreWorld resolveParameter(ParameterContext parameter, ExtensionContext test) {
    JobStoreContract contract = (JobStoreContract) test.getRequiredTestInstance();
    StoreWorld world = new StoreWorld(contract.open());
    test.getStore(WORLDS).put(test.getUniqueId(), world);
    return world;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext test, Throwable thrown)
      throws Throwable {
    if (thrown instanceof TestAbortedException) {
      throw thrown;
    }
    StoreRule rule = StoreRule.of(test.getRequiredTestMethod());
    throw new AssertionError(rule.broken(String.valueOf(thrown.getMessage())), thrown);
  }
}
