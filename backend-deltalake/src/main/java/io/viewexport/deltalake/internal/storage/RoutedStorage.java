// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.viewexport.api.ExportException;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/** Two storages in one: the scheme of a path tells which is meant. */
public final class RoutedStorage implements LakeStorage {
  private final LakeStorage local;
  private final LakeStorage remote;
  private final Predicate<String> isRemote;
  private final FileIO fileIo;
  private final Engine engine;

  /**
   * Joins two storages.
   *
   * @param isRemote whether a path, or what a user wrote for one, is the second's
   */
  public RoutedStorage(LakeStorage local, LakeStorage remote, Predicate<String> isRemote) {
    this.local = local;
    this.remote = remote;
    this.isRemote = isRemote;
    this.fileIo = new RoutedFileIO(local.fileIo(), remote.fileIo(), isRemote);
    this.engine = DefaultEngine.create(fileIo);
  }

  private LakeStorage of(String path) {
    return isRemote.test(path) ? remote : local;
  }

  @Override
  public LakeStorage usedBy(Attempt attempt) {
    return new RoutedStorage(local.usedBy(attempt), remote.usedBy(attempt), isRemote);
  }

  @Override
  public Fence fence(String table, String work, int before) {
    return of(table).fence(table, work, before);
  }

  @Override
  public String resolve(String userPath) {
    return of(userPath.strip()).resolve(userPath);
  }

  @Override
  public String location(String path) {
    return of(path).location(path);
  }

  @Override
  public FileIO fileIo() {
    return fileIo;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public OutputFile parquetOutput(String path) {
    return of(path).parquetOutput(path);
  }

  @Override
  public InputFile parquetInput(String path, long size) {
    return of(path).parquetInput(path, size);
  }

  /** From one to the other through this server. */
  @Override
  public void linkOrCopy(String source, String target) {
    if (isRemote.test(source) == isRemote.test(target)) {
      of(target).linkOrCopy(source, target);
      return;
    }
    try {
      of(target).resolve(target);
      fileIo.copyFileAtomically(source, target, false);
    } catch (IOException e) {
      throw StorageFailures.of(e, "File not copied", target);
    } catch (PathNotAllowedException e) {
      throw ExportException.permanent(e.code(), "File not copied: " + e.message(), e);
    }
  }

  @Override
  public boolean exists(String path) {
    return of(path).exists(path);
  }

  @Override
  public List<String> above(String path) {
    return of(path).above(path);
  }

  @Override
  public List<String> absentAbove(String directory, String top) {
    return of(directory).absentAbove(directory, top);
  }

  @Override
  public void createDirectories(String directory) {
    of(directory).createDirectories(directory);
  }

  @Override
  public List<StoredFile> listFiles(String directory, String namePrefix) {
    return of(directory).listFiles(directory, namePrefix);
  }

  @Override
  public List<String> names(String directory) {
    return of(directory).names(directory);
  }

  @Override
  public void deleteFile(String path) {
    of(path).deleteFile(path);
  }

  @Override
  public void deleteTree(String directory) {
    of(directory).deleteTree(directory);
  }

  @Override
  public void deleteIfEmpty(String directory) {
    of(directory).deleteIfEmpty(directory);
  }
}
