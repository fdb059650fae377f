// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.nio.file.FileSystemException;

/** A file system that can't give a file a second name, the one way to put a file if absent. */
final class NoHardLinksException extends FileSystemException {
  NoHardLinksException(String file, Exception cause) {
    super(file, null, "no hard links");
    initCause(cause);
  }
}
