// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.testkit.ContractRule;
import io.viewexport.testkit.internal.RuleReport;
import java.lang.reflect.Method;

/** The report on the rules of job stores. */
final class StoreReport extends RuleReport<JobStoreContract, StoreWorld> {

  StoreReport() {
    super(JobStoreContract.class, StoreWorld.class);
  }

  @Override
  protected StoreWorld open(JobStoreContract tests) {
    return new StoreWorld(tests.open());
  }

  @Override
  protected ContractRule ruleOf(Method test) {
    return StoreRule.of(test);
  }
}
