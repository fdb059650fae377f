// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.core.source.PostgresSourceConfig.OutOfRange;
import io.viewexport.core.source.SourceColumn.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** What arrives cut otherwise than the server cuts it, broken off, or wrong. */
class CopyFramingTest {
  private static final List<List<Object>> ROWS =
      List.of(List.of(1, "one"), List.of(2, "NULL"), List.of("NULL", ""), List.of(4, "four😀"));
  private static byte[] all = {};

  @BeforeAll
  static void record() throws SQLException, IOException {
    try (Connection connection = TestDatabase.dataSource().getConnection()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (values (1, 'one'), (2, null), (null, ''), (4, 'four😀')) TO STDOUT (FORMAT"
                  + " binary)",
              out);
      all = out.toByteArray();
    }
  }

  private static List<List<Object>> read(byte[]... messages) {
    try (CopyRowCursor rows = cursor(messages)) {
      List<List<Object>> read = new ArrayList<>();
      while (rows.next()) {
        read.add(List.of(TestDatabase.value(rows, 0), TestDatabase.value(rows, 1)));
      }
      return read;
    }
  }

  private static CopyRowCursor cursor(byte[]... messages) {
    ViewSchema schema =
        new ViewSchema(
            List.of(
                new ViewColumn("n", ColumnType.INT, "integer"),
                new ViewColumn("t", ColumnType.STRING, "text")));
    try {
      SourceConnection source = SourceConnection.borrow(TestDatabase.dataSource());
      return new CopyRowCursor(
          new CopyRowCursor.RowShape(
              new ViewName("sof", "v"), schema, List.of(Wire.INT4, Wire.BYTES), OutOfRange.FAIL),
          source,
          QueryCancel.watch(new TestStop(), source),
          new Recorded(messages));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rowsMayBeCutAnywhere() {
    assertThat(read(all)).isEqualTo(ROWS);
    for (int cut = 1; cut < all.length; cut++) {
      byte[] first = Arrays.copyOfRange(all, 0, cut);
      assertThat(read(first, Arrays.copyOfRange(all, cut, all.length))).isEqualTo(ROWS);
    }
    byte[][] single = new byte[all.length][];
    for (int i = 0; i < all.length; i++) {
      single[i] = new byte[] {all[i]};
    }
    assertThat(read(single)).isEqualTo(ROWS);
  }

  @Test
  void aCopyWithoutItsEndIsNotTakenAsComplete() {
    for (int end = 0; end < all.length; end++) {
      byte[] part = Arrays.copyOfRange(all, 0, end);
      assertThatThrownBy(() -> read(part))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> {
                assertThat(e.code()).isEqualTo("source-incomplete");
                assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
              });
    }
  }

  @Test
  void whatIsNoCopyOfTheColumnsIsRefused() {
    byte[] noSignature = all.clone();
    noSignature[0] = 'X';
    byte[] flagged = all.clone();
    flagged[12] = 1;
    byte[] moreFields = all.clone();
    moreFields[20] = 3;
    for (byte[] wrong : List.of(noSignature, flagged, moreFields)) {
      assertThatThrownBy(() -> read(wrong))
          .isInstanceOfSatisfying(
              ExportException.class, e -> assertThat(e.code()).isEqualTo("source-malformed"));
    }
    assertThatThrownBy(() -> read(all, new byte[] {1})).isInstanceOf(ExportException.class);
  }

  /** A COPY that gives recorded messages. */
  private static final class Recorded implements CopyOut {
    private final byte[][] messages;
    private int given;

    Recorded(byte[][] messages) {
      this.messages = messages;
    }

    @Override
    public byte @Nullable [] readFromCopy() {
      return given < messages.length ? messages[given++] : null;
    }

    @Override
    public byte @Nullable [] readFromCopy(boolean block) {
      return readFromCopy();
    }

    @Override
    public int getFieldCount() {
      return 2;
    }

    @Override
    public int getFormat() {
      return 1;
    }

    @Override
    public int getFieldFormat(int field) {
      return 1;
    }

    @Override
    public boolean isActive() {
      return false;
    }

    @Override
    public void cancelCopy() {}

    @Override
    public long getHandledRowCount() {
      return -1;
    }
  }
}
