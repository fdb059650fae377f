// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.parquet.Bounds;
import io.viewexport.deltalake.internal.parquet.RowFileWriter.WrittenFile;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.jspecify.annotations.Nullable;

/** Delta's statistics of a data file, from the Parquet footer that was just written. */
public final class FileStatistics {
  /** What readers look at unless a table says otherwise. */
  private static final int MAX_COLUMNS = 32;

  private static final int MAX_CHARACTERS = 32;

  private final Map<Column, Literal> min = new HashMap<>();
  private final Map<Column, Literal> max = new HashMap<>();
  private final Map<Column, Long> nulls = new HashMap<>();

  private FileStatistics() {}

  /**
   * The statistics: rows, and for the first 32 columns the number of NULLs and, where the values
   * have a useful order, the bounds. Long texts are shortened, the upper bound so that it stays
   * one. A column with NaN has no bounds.
   */
  public static DataFileStatistics of(LakeSchema schema, WrittenFile file) {
    FileStatistics statistics = new FileStatistics();
    for (int i = 0; i < Math.min(MAX_COLUMNS, schema.size()); i++) {
      Statistics<?> merged = merged(file, i);
      if (merged != null) {
        Column column = new Column(schema.columns().get(i).name());
        statistics.add(column, schema.columns().get(i).type(), merged);
      }
    }
    return new DataFileStatistics(
        file.rows(), statistics.min, statistics.max, statistics.nulls, Optional.empty());
  }

  private static @Nullable Statistics<?> merged(WrittenFile file, int column) {
    Statistics<?> merged = null;
    for (BlockMetaData group : file.footer().getBlocks()) {
      Statistics<?> ofGroup = group.getColumns().get(column).getStatistics();
      if (merged == null) {
        merged = ofGroup.copy();
      } else {
        merged.mergeStatistics(ofGroup);
      }
    }
    return merged;
  }

  private void add(Column column, ColumnType type, Statistics<?> of) {
    nulls.put(column, of.getNumNulls());
    if (of.hasNonNullValue()) {
      bound(type, of, of.genericGetMin(), true).ifPresent(value -> min.put(column, value));
      bound(type, of, of.genericGetMax(), false).ifPresent(value -> max.put(column, value));
    }
  }

  private static Optional<Literal> bound(
      ColumnType type, Statistics<?> of, Object value, boolean lower) {
    return switch (type.kind()) {
      case BOOLEAN, BINARY -> Optional.empty();
      case INT -> Optional.of(Literal.ofInt((Integer) value));
      case BIGINT -> Optional.of(Literal.ofLong((Long) value));
      case FLOAT, DOUBLE -> finite(of, (Number) value);
      case DECIMAL -> Optional.of(decimal(type, of, value, lower));
      case DATE -> Optional.of(Literal.ofDate((Integer) value));
      case TIMESTAMP -> Optional.of(Literal.ofTimestamp((Long) value));
      case STRING -> text(lower ? of.getMinBytes() : of.getMaxBytes(), lower);
    };
  }

  private static Optional<Literal> finite(Statistics<?> of, Number value) {
    boolean hasNan =
        of.isNanCountSet() && of.getNanCount() > 0
            || Double.isNaN(((Number) of.genericGetMin()).doubleValue())
            || Double.isNaN(((Number) of.genericGetMax()).doubleValue());
    if (hasNan || !Double.isFinite(value.doubleValue())) {
      return Optional.empty();
    }
    return Optional.of(
        value instanceof Float single
            ? Literal.ofFloat(single)
            : Literal.ofDouble(value.doubleValue()));
  }

  private static Literal decimal(ColumnType type, Statistics<?> of, Object value, boolean lower) {
    BigInteger unscaled =
        value instanceof Number number
            ? BigInteger.valueOf(number.longValue())
            : new BigInteger(lower ? of.getMinBytes() : of.getMaxBytes());
    return Literal.ofDecimal(
        new BigDecimal(unscaled, type.scale()), type.precision(), type.scale());
  }

  private static Optional<Literal> text(byte[] utf8, boolean lower) {
    String all = new String(utf8, StandardCharsets.UTF_8);
    if (all.length() <= MAX_CHARACTERS) {
      return Optional.of(Literal.ofString(all));
    }
    boolean splitsPair = Character.isHighSurrogate(all.charAt(MAX_CHARACTERS - 1));
    String prefix = all.substring(0, splitsPair ? MAX_CHARACTERS - 1 : MAX_CHARACTERS);
    String bound = lower ? prefix : Bounds.successor(prefix);
    return bound.isEmpty() ? Optional.empty() : Optional.of(Literal.ofString(bound));
  }
}
