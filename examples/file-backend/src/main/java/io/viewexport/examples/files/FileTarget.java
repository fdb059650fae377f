// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

/**
 * What the parameters of a view say, checked.
 *
 * @param folder the storage's path of the folder in which each job has a folder of its own
 * @param format the form of the files
 * @param compression one that the format has
 * @param header whether CSV files begin with the names of the columns
 * @param duplicates what becomes of rows with the same key
 */
record FileTarget(
    String folder,
    FileFormat format,
    FileFormat.Compression compression,
    Header header,
    Duplicates duplicates) {

  /** Whether CSV files begin with the names of the columns. */
  enum Header {
    /** They do. */
    PRESENT,
    /** They don't. */
    ABSENT
  }

  /** What becomes of rows with the same key. */
  enum Duplicates {
    /** They fail the export. */
    FAIL,
    /** All are written: for views with several rows per resource. */
    KEEP
  }

  /** What the names of its files end in. */
  String fileEnding() {
    String gzip = compression == FileFormat.Compression.GZIP ? ".gz" : "";
    return "." + format.code() + gzip;
  }
}
