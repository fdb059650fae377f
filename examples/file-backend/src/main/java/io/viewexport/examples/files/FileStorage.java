// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;

/**
 * A place where folders of files live. Safe for use by many threads.
 *
 * <p>Paths are absolute, in the storage's own spelling, parts joined by {@code /}; {@link #resolve}
 * makes one of what a request says. A path that does not lie in or below an allowed root, by links
 * included, is refused by every call with {@link PathRefusedException}.
 */
interface FileStorage {

  /** The one path of a place, whatever way a request writes it. */
  String resolve(String asked) throws IOException;

  /** The path as a URL for users. */
  URI location(String path);

  /** Whether there is a file or a folder. */
  boolean exists(String path) throws IOException;

  /** Makes a folder, where it is not there; the one above it must be. */
  void createFolder(String folder) throws IOException;

  /** Makes a folder and all above it. */
  void createFolders(String folder) throws IOException;

  /** Makes a file that is not there, in a folder that is. What was closed is there for good. */
  OutputStream create(String file) throws IOException;

  /** Opens a file for reading. */
  InputStream open(String file) throws IOException;

  /** The number of bytes of a file. */
  long size(String file) throws IOException;

  /** Makes a file appear under a second name; deleting one of the two leaves the other. */
  void linkOrCopy(String file, String second) throws IOException;

  /**
   * Makes a folder that is not empty appear under another name, with all that is in it, at once and
   * for good: the one step that decides what becomes of an output. Of several calls for one target
   * exactly one comes true.
   *
   * @return false where the target is there already
   */
  boolean publish(String folder, String target) throws IOException;

  /** Deletes a folder with all below it; links in it are deleted, not followed. */
  void deleteTree(String folder) throws IOException;

  /** Deletes a folder if nothing is in it. */
  void deleteIfEmpty(String folder) throws IOException;
}
