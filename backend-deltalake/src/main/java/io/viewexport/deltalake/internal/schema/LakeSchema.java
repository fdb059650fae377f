// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.schema;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.MessageType;

/**
 * The columns that are staged for a view: the view's own, in their order, then {@code is_deleted},
 * unless the view has its own.
 *
 * @param columns all columns
 * @param addsIsDeleted whether the last one is not the view's: it is 0 in every row
 */
public record LakeSchema(List<ViewColumn> columns, boolean addsIsDeleted) {

  /** The column that says whether a row was deleted at its source: 0 or 1. */
  public static final String IS_DELETED = "is_deleted";

  /** Copies the columns. */
  public LakeSchema {
    columns = List.copyOf(columns);
  }

  /** The columns for a view that {@link ColumnRules} has nothing against. */
  public static LakeSchema of(ViewSchema view) {
    if (view.find(IS_DELETED).isPresent()) {
      return new LakeSchema(view.columns(), false);
    }
    List<ViewColumn> columns = new ArrayList<>(view.columns());
    columns.add(new ViewColumn(IS_DELETED, ColumnType.INT, "integer"));
    return new LakeSchema(columns, true);
  }

  /** The number of columns. */
  public int size() {
    return columns.size();
  }

  /** The schema of a Delta table of these columns, all nullable. */
  public StructType deltaSchema() {
    StructType schema = new StructType();
    for (ViewColumn column : columns) {
      schema = schema.add(column.name(), deltaType(column.type()), true);
    }
    return schema;
  }

  /** The schema of a Parquet file of these columns. */
  public MessageType parquetSchema() {
    return ParquetSchemas.of(deltaSchema());
  }

  /** The Delta type for the values of a column. */
  public static DataType deltaType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BooleanType.BOOLEAN;
      case INT -> IntegerType.INTEGER;
      case BIGINT -> LongType.LONG;
      case FLOAT -> FloatType.FLOAT;
      case DOUBLE -> DoubleType.DOUBLE;
      case DECIMAL -> new DecimalType(type.precision(), type.scale());
      case STRING -> StringType.STRING;
      case BINARY -> BinaryType.BINARY;
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
    };
  }
}
