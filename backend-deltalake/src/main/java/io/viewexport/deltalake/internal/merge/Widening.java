// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;

/** Which staged types fit into a wider type of the target without losing anything. */
final class Widening {
  private static final int INT_DIGITS = 10;

  /** What Kernel's reader counts for BIGINT, which has 19. */
  private static final int LONG_DIGITS = 20;

  private Widening() {}

  /** Whether every value of the one type is a value of the other. */
  static boolean fits(DataType staged, DataType target) {
    if (staged.equals(target)) {
      return true;
    } else if (staged instanceof IntegerType) {
      return target instanceof LongType
          || target instanceof DoubleType
          || hasDigits(target, INT_DIGITS, 0);
    } else if (staged instanceof LongType) {
      return hasDigits(target, LONG_DIGITS, 0);
    } else if (staged instanceof FloatType) {
      return target instanceof DoubleType;
    } else if (staged instanceof DecimalType decimal) {
      int scale = decimal.getScale();
      return hasDigits(target, decimal.getPrecision() - scale, scale);
    }
    return false;
  }

  private static boolean hasDigits(DataType type, int before, int after) {
    return type instanceof DecimalType decimal
        && decimal.getScale() >= after
        && decimal.getPrecision() - decimal.getScale() >= before;
  }
}
