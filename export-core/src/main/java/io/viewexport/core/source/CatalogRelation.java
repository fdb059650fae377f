// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

/**
 * A relation as the catalog has it.
 *
 * @param oid its number
 * @param kind {@code pg_class.relkind}
 * @param populated whether it can be read: false for a materialised view never refreshed
 * @param pageRanges whether it can be cut by pages
 * @param schemaUsable whether the user has USAGE on its schema
 * @param size what is known of its size
 */
record CatalogRelation(
    long oid, String kind, boolean populated, boolean pageRanges, boolean schemaUsable, Size size) {

  /** Whether it is a table, view, materialised view, foreign or partitioned table. */
  boolean hasRows() {
    return "rvmfp".contains(kind);
  }

  /**
   * A relation's size.
   *
   * @param analyzedRows rows when it was last analysed; below 0: never was
   * @param analyzedPages pages at that time
   * @param bytes bytes now; below 0: it has no storage
   * @param pageBytes bytes of a page
   */
  record Size(double analyzedRows, long analyzedPages, long bytes, long pageBytes) {}
}
