// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.viewexport.api.StopSignal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delta Kernel's file access on a store of objects. There are no directories. */
final class S3FileIO implements FileIO {
  private static final Comparator<FileStatus> BY_KEY =
      Comparator.comparing(FileStatus::getPath, S3FileIO::compareUtf8);

  private final S3Objects objects;
  private final Map<String, String> settings;
  private final StopSignal stop;
  private final WrittenFiles written = new WrittenFiles();

  /** With the settings that Kernel asks for by {@link #getConf}. */
  S3FileIO(S3Objects objects, Map<String, String> settings, StopSignal stop) {
    this.objects = objects;
    this.settings = settings;
    this.stop = stop;
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    S3Path from = S3Path.of(filePath);
    String prefix = from.key().substring(0, from.key().lastIndexOf('/') + 1);
    List<FileStatus> found = new ArrayList<>();
    objects.list(
        from,
        request -> request.prefix(prefix).delimiter("/").startAfter(before(from.key(), prefix)),
        page ->
            page.contents().stream()
                .filter(object -> compareUtf8(object.key(), from.key()) >= 0)
                .filter(object -> !object.key().equals(prefix))
                .map(
                    object ->
                        FileStatus.of(
                            from.withKey(object.key()).toString(),
                            object.size(),
                            object.lastModified().toEpochMilli()))
                .forEach(found::add));
    if (found.isEmpty() && !objects.hasAny(from, prefix)) {
      throw new FileNotFoundException(from.withKey(prefix).toString());
    }
    found.sort(BY_KEY);
    return Utils.toCloseableIterator(found.iterator());
  }

  /**
   * A marker shortly before the key, as the store begins after it. It is echoed in the answer's
   * XML, so it must not have characters that XML doesn't.
   */
  private static String before(String key, String prefix) {
    if (key.length() <= prefix.length()) {
      return prefix;
    }
    String start = key.substring(0, key.length() - 1);
    char last = key.charAt(key.length() - 1);
    return last > '!' && last <= '~' ? start + (char) (last - 1) : start;
  }

  private static int compareUtf8(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    S3Path file = S3Path.of(path);
    var known = written.find(file.toString());
    if (known.isPresent()) {
      return FileStatus.of(file.toString(), known.get().size(), known.get().modifiedAt());
    }
    var head = objects.head(file);
    return FileStatus.of(file.toString(), head.contentLength(), head.lastModified().toEpochMilli());
  }

  @Override
  public String resolvePath(String path) {
    return S3Path.of(path).toString();
  }

  @Override
  public boolean mkdirs(String path) {
    stop.throwIfStopped();
    return true;
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    S3Path file = S3Path.of(path);
    var known = written.find(file.toString()).orElse(null);
    return new S3InputFile(objects, file, known == null ? fileSize : known.size(), known);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new S3OutputFile(objects, S3Path.of(path), stop, written);
  }

  /** The store does not say whether there was one. */
  @Override
  public boolean delete(String path) throws IOException {
    S3Path file = S3Path.of(path);
    written.forget(file.toString());
    objects.delete(file);
    return true;
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.ofNullable(settings.get(confKey));
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    stop.throwIfStopped();
    S3Path target = S3Path.of(destPath);
    written.forget(target.toString());
    new S3Copy(objects, stop).copy(S3Path.of(srcPath), target, overwrite);
  }
}
