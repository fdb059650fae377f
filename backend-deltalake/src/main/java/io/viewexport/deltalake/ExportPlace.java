// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

/**
 * Where a view is exported to: read from its parameters by {@link ExportParameters}.
 *
 * @param target the directory of the target table, in the storage's spelling
 * @param stagingRoot the directory that staging lies below
 * @param ownStagingRoot whether that is the default, which is removed when it is empty
 * @param targetFileBytes about how large data files are
 */
record ExportPlace(
    String target, String stagingRoot, boolean ownStagingRoot, long targetFileBytes) {}
