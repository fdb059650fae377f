// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.schema;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.math.BigInteger;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Types;

/** The Parquet schema of a flat Delta table: the forms that every Delta reader knows. */
public final class ParquetSchemas {
  private static final int MAX_INT32_DIGITS = 9;
  private static final int MAX_INT64_DIGITS = 18;

  private ParquetSchemas() {}

  /**
   * The schema of data files: a column for each field, by name, all optional, no field ids.
   *
   * @throws IllegalArgumentException where a field is not of a simple type
   */
  public static MessageType of(StructType schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(column(field.getName(), field.getDataType()));
    }
    return message.named("row");
  }

  private static PrimitiveType column(String name, DataType type) {
    if (type instanceof DecimalType decimal) {
      return decimal(name, decimal);
    }
    if (type instanceof BooleanType) {
      return Types.optional(BOOLEAN).named(name);
    } else if (type instanceof ByteType) {
      return Types.optional(INT32).as(intType(8, true)).named(name);
    } else if (type instanceof ShortType) {
      return Types.optional(INT32).as(intType(16, true)).named(name);
    } else if (type instanceof IntegerType) {
      return Types.optional(INT32).named(name);
    } else if (type instanceof LongType) {
      return Types.optional(INT64).named(name);
    } else if (type instanceof FloatType) {
      return Types.optional(FLOAT).named(name);
    } else if (type instanceof DoubleType) {
      return Types.optional(DOUBLE).named(name);
    } else if (type instanceof StringType) {
      return Types.optional(BINARY).as(stringType()).named(name);
    } else if (type instanceof BinaryType) {
      return Types.optional(BINARY).named(name);
    } else if (type instanceof DateType) {
      return Types.optional(INT32).as(dateType()).named(name);
    } else if (type instanceof TimestampType) {
      return Types.optional(INT64).as(timestampType(true, TimeUnit.MICROS)).named(name);
    } else if (type instanceof TimestampNTZType) {
      return Types.optional(INT64).as(timestampType(false, TimeUnit.MICROS)).named(name);
    }
    throw new IllegalArgumentException("no Parquet column for " + type);
  }

  private static PrimitiveType decimal(String name, DecimalType type) {
    int precision = type.getPrecision();
    var annotation = decimalType(type.getScale(), precision);
    if (precision <= MAX_INT32_DIGITS) {
      return Types.optional(INT32).as(annotation).named(name);
    }
    if (precision <= MAX_INT64_DIGITS) {
      return Types.optional(INT64).as(annotation).named(name);
    }
    return Types.optional(FIXED_LEN_BYTE_ARRAY)
        .length(decimalBytes(precision))
        .as(annotation)
        .named(name);
  }

  /** The least number of bytes that hold every unscaled value of so many digits, with its sign. */
  public static int decimalBytes(int precision) {
    return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / Byte.SIZE + 1;
  }
}
