// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.math.BigInteger;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The Parquet schema of a view's rows: each column optional, decimals and times exact. */
final class ParquetSchema {
  private static final int MOST_DIGITS_OF_LONG = 18;

  private ParquetSchema() {}

  static MessageType of(ViewSchema schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    schema.columns().forEach(column -> message.addField(column(column)));
    return message.named("row");
  }

  private static PrimitiveType column(ViewColumn column) {
    ColumnType type = column.type();
    Types.PrimitiveBuilder<PrimitiveType> builder =
        switch (type.kind()) {
          case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN);
          case INT -> Types.optional(PrimitiveTypeName.INT32);
          case BIGINT -> Types.optional(PrimitiveTypeName.INT64);
          case FLOAT -> Types.optional(PrimitiveTypeName.FLOAT);
          case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE);
          case DECIMAL -> decimal(type);
          case STRING -> Types.optional(PrimitiveTypeName.BINARY).as(stringType());
          case BINARY -> Types.optional(PrimitiveTypeName.BINARY);
          case DATE -> Types.optional(PrimitiveTypeName.INT32).as(dateType());
          case TIMESTAMP ->
              Types.optional(PrimitiveTypeName.INT64).as(timestampType(true, TimeUnit.MICROS));
        };
    return builder.named(column.name());
  }

  private static Types.PrimitiveBuilder<PrimitiveType> decimal(ColumnType type) {
    var exact = decimalType(type.scale(), type.precision());
    if (fitsLong(type)) {
      return Types.optional(PrimitiveTypeName.INT64).as(exact);
    }
    return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
        .length(decimalBytes(type))
        .as(exact);
  }

  /** Whether an unscaled value of the type is kept as a 64-bit integer. */
  static boolean fitsLong(ColumnType type) {
    return type.precision() <= MOST_DIGITS_OF_LONG;
  }

  /** How many bytes hold every unscaled value of the type, with its sign. */
  static int decimalBytes(ColumnType type) {
    BigInteger largest = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
    return largest.bitLength() / Byte.SIZE + 1;
  }
}
