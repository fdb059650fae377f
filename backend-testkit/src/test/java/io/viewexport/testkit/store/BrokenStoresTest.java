// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.testkit.ManualClock;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each rule of the contract catches its culprit, and tells what it is. */
class BrokenStoresTest {
  private static volatile BrokenStore underTest = BrokenStore.CREATES_TWICE;

  /** Run by this test alone: the build takes no nested class for a test. */
  static final class BrokenContract extends JobStoreContract {
    @Override
    protected JobStoreFixture open() {
      ManualClock clock = new ManualClock();
      Supplier<JobStore> servers = underTest.servers(InMemoryJobStore.create(clock));
      return new JobStoreFixture() {
        @Override
        public JobStore openStore() {
          return servers.get();
        }

        @Override
        public void advance(Duration time) {
          clock.advance(time);
        }
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTestsOfTheRuleFailAndSayWhich(BrokenStore store) {
    underTest = store;
    Failures failures = new Failures();
    LauncherFactory.create().execute(contract(), failures);

    // Its test makes calls of every kind at once: what is broken may show there, or not.
    Set<StoreRule> allowed = EnumSet.of(store.rule(), StoreRule.S31);
    allowed.addAll(store.also());
    assertThat(failures.rules).as("rules whose tests failed").contains(store.rule());
    assertThat(allowed).as("rules that may be concerned").containsAll(failures.rules);
    assertThat(failures.messages)
        .filteredOn(message -> message.startsWith(store.rule().name() + " ("))
        .isNotEmpty()
        .allMatch(message -> message.contains(store.rule().lookAt()));
  }

  private static LauncherDiscoveryRequest contract() {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(BrokenContract.class))
        .filters(EngineFilter.includeEngines("junit-jupiter"), TagFilter.excludeTags("random"))
        .build();
  }

  /** Notes the rules and messages of the tests that failed. */
  private static final class Failures implements TestExecutionListener {
    private final Set<StoreRule> rules = EnumSet.noneOf(StoreRule.class);
    private final List<String> messages = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      result
          .getThrowable()
          .ifPresent(
              thrown -> {
                MethodSource source = (MethodSource) test.getSource().orElseThrow();
                rules.add(StoreRule.of(source.getJavaMethod()));
                messages.add(String.valueOf(thrown.getMessage()));
              });
    }
  }

  /** The last one is about all others together. */
  @Test
  void everyRuleHasATestAndAStoreThatBreaksIt() {
    Set<StoreRule> tested = EnumSet.noneOf(StoreRule.class);
    Arrays.stream(JobStoreContract.class.getMethods())
        .map(Method::getName)
        .filter(name -> name.matches("s\\d\\d_.*"))
        .forEach(
            name -> tested.add(StoreRule.valueOf(name.substring(0, 3).toUpperCase(Locale.ROOT))));
    assertThat(tested).containsExactlyInAnyOrder(StoreRule.values());
    Set<StoreRule> broken = EnumSet.noneOf(StoreRule.class);
    Arrays.stream(BrokenStore.values()).forEach(store -> broken.add(store.rule()));
    assertThat(EnumSet.complementOf(EnumSet.copyOf(broken))).containsExactly(StoreRule.S40);
  }
}
