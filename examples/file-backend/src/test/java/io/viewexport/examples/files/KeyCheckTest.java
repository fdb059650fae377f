// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.examples.files.LocalFileStorage.Survival;
import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCheckTest {
  private static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("a", ColumnType.STRING),
              column("b", ColumnType.STRING),
              column("n", ColumnType.DOUBLE)));

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(ints = {20, 33, 499, 500, 501, 10_000})
  void countsAsASetDoesWithWhateverMemory(int maxKeys) throws IOException {
    Random random = new Random(maxKeys);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    int nulls = 0;
    int repeated = 0;
    for (int i = 0; i < 500; i++) {
      String a = random.nextInt(10) == 0 ? null : "k" + random.nextInt(100);
      String b = random.nextInt(10) == 0 ? null : "k" + random.nextInt(3);
      rows.add(row(a, b, null));
      if (a == null || b == null) {
        nulls++;
      } else if (!seen.add(List.of(a, b))) {
        repeated++;
      }
    }
    KeyCheck check = check(maxKeys, new SampleRows(SCHEMA, rows), "a", "b");

    assertThat(check.repeatedKeys()).isEqualTo(repeated).isPositive();
    assertThat(check.nullKeys()).isEqualTo(nulls).isPositive();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void tellsColumnsApart() throws IOException {
    SampleRows rows = SampleRows.of(SCHEMA, row("ab", "c", null), row("a", "bc", null));
    assertThat(check(10, rows, "a", "b").repeatedKeys()).isZero();
  }

  @Test
  void takesBothZerosForOne() throws IOException {
    SampleRows rows = SampleRows.of(SCHEMA, row("", "", 0d), row("", "", -0d));
    assertThat(check(10, rows, "n").repeatedKeys()).isOne();
  }

  private KeyCheck check(int maxKeys, SampleRows rows, String... key) throws IOException {
    LocalFileStorage storage = new LocalFileStorage(List.of(root), Survival.PROCESS);
    String folder = root.toRealPath() + "/keys";
    KeyCheck check = new KeyCheck(storage, folder, rows.schema(), List.of(key), maxKeys);
    try (RowCursor cursor = rows.open()) {
      while (cursor.next()) {
        check.add(cursor);
      }
    }
    return check;
  }
}
