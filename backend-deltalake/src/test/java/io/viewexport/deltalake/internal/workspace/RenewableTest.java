// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RenewableTest {
  private final Renewable<String> renewable = new Renewable<>(new SteppedPause());
  private int made;

  private String get() {
    return renewable.get(
        new ManualStop(),
        () -> {
          made++;
          return new Renewable.Fresh<>(
              "value-" + made, Duration.ofHours(1), Duration.ofMinutes(30));
        });
  }

  @Test
  void whoeverComesLateWithAnOldValueTakesTheNewOneFromNobody() {
    String first = get();
    renewable.drop(first);
    String second = get();
    renewable.drop(first);

    assertThat(get()).isSameAs(second).isEqualTo("value-2");
  }
}
