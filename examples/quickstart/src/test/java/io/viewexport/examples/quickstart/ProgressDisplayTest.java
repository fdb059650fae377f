// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 17 * SECOND;

  private ProgressDisplay display(ProgressDisplay.Form form, OptionalLong expected) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressDisplay(out, form, expected, () -> now);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void plainLinesComeOnceASecondAndOnlyWhenSomethingChanged() {
    ProgressDisplay display = display(ProgressDisplay.Form.PLAIN, OptionalLong.of(1_000));
    display.update(new Progress(0, 0, 2));
    now += SECOND / 2;
    display.update(new Progress(100, 0, 2));
    now += SECOND / 2;
    display.update(new Progress(250, 0, 2));
    now += 5 * SECOND;
    display.update(new Progress(250, 0, 2));
    now += 4 * SECOND;
    display.finish(new Progress(1_000, 2, 2));
    assertThat(shown())
        .isEqualTo(
            """
            0 rows, 0 rows/s, chunks 0/2, ETA unknown
            250 rows, 250 rows/s, chunks 0/2, ETA 3 s
            1,000 rows, 100 rows/s, chunks 2/2, merging
            """);
  }

  @Test
  void whatWasShownLastIsNotRepeatedAtTheEnd() {
    ProgressDisplay display = display(ProgressDisplay.Form.PLAIN, OptionalLong.empty());
    display.update(new Progress(5, 1, 1));
    now += 2 * SECOND;
    display.finish(new Progress(5, 1, 1));
    assertThat(shown()).isEqualTo("5 rows, 0 rows/s, chunks 1/1, merging\n");
  }

  @Test
  void onATerminalABarIsDrawnOverItself() {
    ProgressDisplay display = display(ProgressDisplay.Form.TERMINAL, OptionalLong.of(2_000_000));
    now += SECOND;
    display.update(new Progress(1_000_000, 1, 4));
    now += SECOND / 100;
    display.update(new Progress(1_100_000, 1, 4));
    now += SECOND - SECOND / 100;
    display.finish(new Progress(10, 4, 4));
    assertThat(shown())
        .isEqualTo(
            "\r[############------------]  50% 1,000,000 rows, 1,000,000 rows/s, chunks 1/4, ETA 1 s"
                + "\r[########################] 100% 10 rows, 5 rows/s, chunks 4/4, merging"
                + " ".repeat(15)
                + "\n");
  }

  @Test
  void withoutAGuessAtTheRowsTheChunksTell() {
    ProgressDisplay display = display(ProgressDisplay.Form.PLAIN, OptionalLong.empty());
    now += 3 * SECOND;
    display.update(new Progress(900, 1, 4));
    assertThat(shown()).isEqualTo("900 rows, 300 rows/s, chunks 1/4, ETA 9 s\n");
  }

  @Test
  void aGuessThatIsTooLowNeverClaimsTheEnd() {
    ProgressDisplay display = display(ProgressDisplay.Form.TERMINAL, OptionalLong.of(10));
    now += SECOND;
    display.update(new Progress(900, 1, 4));
    assertThat(shown()).contains(" 99% ").contains("ETA 0 s");
  }
}
