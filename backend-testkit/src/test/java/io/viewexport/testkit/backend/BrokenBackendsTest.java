// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each rule of the contract catches its culprit, and tells what it is. */
class BrokenBackendsTest {
  private static volatile BrokenBackend underTest = BrokenBackend.REPORTS_ONE_PROBLEM;
  private static volatile Conformance found = new Conformance("none");

  /** Run by this test alone: the build takes no nested class for a test. */
  static final class BrokenContract extends ExportBackendContract {
    @Override
    protected BackendFixture open() {
      return underTest.open();
    }

    @Override
    protected void publish(Conformance conformance) {
      found = conformance;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTestsOfTheRuleFailAndSayWhich(BrokenBackend backend) {
    underTest = backend;
    Failures failures = new Failures();
    LauncherFactory.create().execute(testsOf(backend.rule()), failures);

    assertThat(failures.messages)
        .as("messages of the tests of %s", backend.rule())
        .isNotEmpty()
        .allMatch(message -> message.startsWith(backend.rule().name() + " ("))
        .allMatch(message -> message.contains(backend.rule().lookAt()));
    assertThat(found.result(backend.rule())).isEqualTo(Conformance.Result.FAILED);
    assertThat(found.table()).contains("| " + backend.rule() + " |", "**failed**");
  }

  private static LauncherDiscoveryRequest testsOf(BackendRule rule) {
    PostDiscoveryFilter ofRule = test -> FilterResult.includedIf(isOf(test, rule));
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(BrokenContract.class))
        .filters(EngineFilter.includeEngines("junit-jupiter"), ofRule)
        .build();
  }

  private static boolean isOf(TestDescriptor test, BackendRule rule) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getMethodName())
        .filter(name -> name.startsWith(rule.name().toLowerCase(Locale.ROOT) + "_"))
        .isPresent();
  }

  /** Notes the messages of the tests that failed. */
  private static final class Failures implements TestExecutionListener {
    private final List<String> messages = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        result
            .getThrowable()
            .ifPresent(thrown -> messages.add(String.valueOf(thrown.getMessage())));
      }
    }
  }

  @Test
  void everyRuleHasATestAndABackendThatBreaksIt() {
    Set<BackendRule> tested = EnumSet.noneOf(BackendRule.class);
    Arrays.stream(ExportBackendContract.class.getMethods())
        .filter(method -> method.getName().matches("b\\d\\d_.*"))
        .forEach(method -> tested.add(BackendRule.of(method)));
    assertThat(tested).containsExactlyInAnyOrder(BackendRule.values());
    Set<BackendRule> broken = EnumSet.noneOf(BackendRule.class);
    Arrays.stream(BrokenBackend.values()).forEach(backend -> broken.add(backend.rule()));
    assertThat(broken).containsExactlyInAnyOrder(BackendRule.values());
  }
}
