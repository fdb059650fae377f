// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

/** Where files are, in the one spelling that two are compared by. */
final class Locations {
  private Locations() {}

  /** With scheme {@code s3} for its old names, and no slash at the end. */
  static String canonical(String location) {
    String plain = location.replaceFirst("^s3[an]://", "s3://");
    int end = plain.length();
    while (end > 0 && plain.charAt(end - 1) == '/') {
      end--;
    }
    return plain.substring(0, end);
  }

  /** Whether it is the place, or lies below it. */
  static boolean isWithin(String location, String place) {
    return (canonical(location) + "/").startsWith(canonical(place) + "/");
  }
}
