// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.testkit.WriteGate;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A storage that does something, or fails, right before or after steps of it. */
final class GatedStorage implements FileStorage {
  private final FileStorage real;
  private Runnable beforePublish = () -> {};
  private Runnable beforeFolderOfJob = () -> {};
  private Runnable beforeDeleteTree = () -> {};
  private boolean failsAfterPublish;
  private boolean failsLookUps;
  private final WriteGate writes;

  GatedStorage(FileStorage real) {
    this(real, new WriteGate());
  }

  /** Writes to files pass a gate. */
  GatedStorage(FileStorage real, WriteGate writes) {
    this.real = real;
    this.writes = writes;
  }

  FileBackend backend(Path root) {
    return new FileBackend(FileBackendConfig.builder().allowedRoots(List.of(root)).build(), this);
  }

  /** Once: what others do while the caller is frozen. */
  void beforePublish(Runnable action) {
    beforePublish = action;
  }

  /** Once. */
  void beforeDeleteTree(Runnable action) {
    beforeDeleteTree = action;
  }

  void beforeFolderOfJob(Runnable action) {
    beforeFolderOfJob = action;
  }

  void failAfterPublish() {
    failsAfterPublish = true;
  }

  /** Also before anything was published. */
  void failLookUps() {
    failsLookUps = true;
  }

  @Override
  public String resolve(String asked) throws IOException {
    return real.resolve(asked);
  }

  @Override
  public URI location(String path) {
    return real.location(path);
  }

  @Override
  public boolean exists(String path) throws IOException {
    if (failsLookUps) {
      throw new IOException("injected");
    }
    return real.exists(path);
  }

  @Override
  public void createFolder(String folder) throws IOException {
    real.createFolder(folder);
  }

  @Override
  public void createFolders(String folder) throws IOException {
    beforeFolderOfJob.run();
    real.createFolders(folder);
  }

  @Override
  public OutputStream create(String file) throws IOException {
    return new FilterOutputStream(real.create(file)) {
      @Override
      public void write(int one) throws IOException {
        writes.pass();
        out.write(one);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        writes.pass();
        out.write(bytes, offset, length);
      }
    };
  }

  @Override
  public InputStream open(String file) throws IOException {
    return real.open(file);
  }

  @Override
  public long size(String file) throws IOException {
    return real.size(file);
  }

  @Override
  public void linkOrCopy(String file, String second) throws IOException {
    real.linkOrCopy(file, second);
  }

  @Override
  public boolean publish(String folder, String target) throws IOException {
    Runnable action = beforePublish;
    beforePublish = () -> {};
    action.run();
    boolean published = real.publish(folder, target);
    if (failsAfterPublish) {
      throw new IOException("injected");
    }
    return published;
  }

  @Override
  public void deleteTree(String folder) throws IOException {
    Runnable action = beforeDeleteTree;
    beforeDeleteTree = () -> {};
    action.run();
    real.deleteTree(folder);
  }

  @Override
  public void deleteIfEmpty(String folder) throws IOException {
    real.deleteIfEmpty(folder);
  }
}
