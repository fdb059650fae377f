// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import java.util.List;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/**
 * A place where tables live: a folder, a bucket. Safe for use by many threads.
 *
 * <p>Paths are absolute, in the storage's own canonical spelling, parts joined by {@code /}, no
 * slash at the end; {@link #resolve} makes one of what a user wrote, and a part appended to one
 * makes another. Everything but {@link #fileIo} and the streams of files throws {@link
 * io.viewexport.api.ExportException} in the library's own words.
 */
public interface LakeStorage {

  /**
   * Makes the canonical path of what a user wrote: two spellings of one place give one path, also
   * where it does not exist yet.
   *
   * @throws PathNotAllowedException where it is no path, or does not lie strictly below an allowed
   *     root
   */
  String resolve(String userPath);

  /** The path as a URL for users, such as {@code file:/data/patient}. */
  String location(String path);

  /**
   * What Delta Kernel reads and writes through. A file that is written without a replace is there
   * completely or not at all, and what was closed or committed survives a power failure.
   */
  FileIO fileIo();

  /** Delta Kernel on {@link #fileIo}. */
  Engine engine();

  /**
   * This storage for the use of one attempt. Its files tell whose they are until they are in their
   * place; its stop signal is asked before every effect but a delete, by {@link #fileIo} and {@link
   * #engine} too: right before a file is opened, and once more between the moment that all of a
   * commit is on its way and the one that makes it visible, as late as the storage can. What comes
   * after the signal throws {@link io.viewexport.api.ExportStoppedException}, wrapped by Delta
   * Kernel where it calls.
   */
  LakeStorage usedBy(Attempt attempt);

  /** What {@link #fence} could do. */
  enum Fence {
    /** Each commit of the earlier attempts is in the log, or never will be. */
    CLOSED,
    /**
     * What they sent may still land, as a request to a store of objects may after its sender is
     * gone, on the version that follows the one they read: until another commit has taken that.
     */
    OPEN
  }

  /**
   * Puts an end to what earlier attempts at a piece of work may be committing to a table, as far as
   * the storage can. So look their commits up after, never before. Their stop signals must have
   * been given, whether they know it yet or not.
   *
   * <p>Key: table, work and number.
   *
   * @param work as {@link Attempt#work} names it
   * @param before the number of the first attempt that is not concerned
   */
  Fence fence(String table, String work, int before);

  /**
   * A Parquet file to write. The directory must be there. What was closed survives a power failure.
   */
  OutputFile parquetOutput(String path);

  /**
   * A Parquet file to read.
   *
   * @param size in bytes, as the log has it
   */
  InputFile parquetInput(String path, long size);

  /**
   * Makes a file appear under a second path without reading it where the storage can, else copies
   * it. The first may be deleted afterwards without harm to the second. Key: the target path; done
   * again with the same source it changes nothing.
   *
   * @throws io.viewexport.api.ExportException {@code PERMANENT} with code {@code file-exists} where
   *     the target is there with other content
   */
  void linkOrCopy(String source, String target);

  /** Whether there is a file or directory. */
  boolean exists(String path);

  /** The places that a path lies in and that may be looked at, the lowest first. */
  List<String> above(String path);

  /**
   * The directories above this one, below a top, that are not there, the lowest first; none where
   * the storage has no directories.
   */
  List<String> absentAbove(String directory, String top);

  /** Makes a directory and all above it, where the storage has such. */
  void createDirectories(String directory);

  /**
   * The files directly in a directory whose names begin so, in no order; none where there is no
   * such directory.
   */
  List<StoredFile> listFiles(String directory, String namePrefix);

  /**
   * The names of all that lies directly in a directory, in no order; none where there is no such
   * directory.
   *
   * @throws io.viewexport.api.ExportException {@code PERMANENT} where it is a file
   */
  List<String> names(String directory);

  /** Deletes a file strictly below an allowed root; nothing happens where there is none. */
  void deleteFile(String path);

  /**
   * Deletes a directory with all below it, itself strictly below an allowed root; links in it are
   * deleted, not followed. Nothing happens where there is none.
   */
  void deleteTree(String directory);

  /** Deletes a directory strictly below an allowed root if nothing is in it. */
  void deleteIfEmpty(String directory);
}
