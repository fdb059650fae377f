// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.storage.Attempt;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.ParquetFiles;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import io.viewexport.deltalake.internal.storage.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Buckets, as far as some credentials reach. */
public final class S3Storage implements LakeStorage {
  static final Logger LOG = LoggerFactory.getLogger(S3Storage.class);
  private static final StopSignal NEVER = new Never();

  private final S3Objects objects;
  private final List<S3Path> roots;
  private final Map<String, String> settings;
  private final StopSignal stop;
  private final FileIO fileIo;
  private final Engine engine;

  private S3Storage(
      S3Objects objects, List<S3Path> roots, Map<String, String> settings, StopSignal stop) {
    this.objects = objects;
    this.roots = roots;
    this.settings = settings;
    this.stop = stop;
    this.fileIo = new S3FileIO(objects, settings, stop);
    this.engine = DefaultEngine.create(fileIo);
  }

  /**
   * A storage of everything strictly below these places. It need not be closed.
   *
   * @param access is the caller's, and used for as long as the storage
   * @param allowedRoots such as {@code s3://bucket/exports}
   * @param credentials asked with each request, so that they may change
   * @param settings what Delta Kernel is told when it asks for a setting, such as {@code
   *     parquet.compression}
   * @throws PathNotAllowedException where a root is no URL of S3
   */
  public static S3Storage create(
      S3Access access,
      List<String> allowedRoots,
      AwsCredentialsProvider credentials,
      Map<String, String> settings) {
    S3Objects objects =
        new S3Objects(access, access.client(credentials), access.singleTryClient(credentials));
    List<S3Path> roots = allowedRoots.stream().map(S3Path::parse).toList();
    return new S3Storage(objects, roots, Map.copyOf(settings), NEVER);
  }

  /** Whether it is a URL for a storage of this kind, right or wrong. */
  public static boolean isUrl(String path) {
    return S3Path.isS3(path);
  }

  @Override
  public LakeStorage usedBy(Attempt attempt) {
    return new S3Storage(objects, roots, settings, attempt.stop());
  }

  /** What was sent may land; only unfinished uploads can be put an end to. */
  @Override
  public Fence fence(String table, String work, int before) {
    Pattern name = Pattern.compile(".*[.-]?" + Pattern.quote(work + ".a") + "([0-9]{1,9})[.].*");
    run(
        "Uploads not ended",
        table,
        () ->
            abortUploads(
                S3Path.of(table),
                upload -> {
                  var parts = name.matcher(upload.key());
                  return parts.matches() && Integer.parseInt(parts.group(1)) < before;
                }));
    return Fence.OPEN;
  }

  @Override
  public String resolve(String userPath) {
    return allowed(S3Path.parse(userPath)).toString();
  }

  private S3Path allowed(S3Path path) {
    if (roots.stream().noneMatch(path::isBelow)) {
      throw new PathNotAllowedException(
          "path-not-allowed",
          "The path "
              + path
              + " is not below a place that this server allows exports to; choose one that is.");
    }
    return path;
  }

  @Override
  public String location(String path) {
    return path;
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
    return ParquetFiles.output(fileIo, path);
  }

  @Override
  public InputFile parquetInput(String path, long size) {
    return ParquetFiles.input(fileIo, path, size);
  }

  @Override
  public void linkOrCopy(String source, String target) {
    run(
        "File not put in place",
        target,
        () -> fileIo.copyFileAtomically(source, below(target).toString(), false));
  }

  private S3Path below(String path) {
    return allowed(S3Path.of(path));
  }

  @Override
  public boolean exists(String path) {
    S3Path place = S3Path.of(path);
    List<Boolean> found = new ArrayList<>();
    run(
        "Place not looked at",
        path,
        () -> found.add(objects.hasAny(place, place.prefix()) || isObject(place)));
    return found.contains(true);
  }

  /** Credentials for what lies below a place alone don't let one ask for it: it is no object. */
  private boolean isObject(S3Path path) throws IOException {
    try {
      objects.head(path);
      return true;
    } catch (FileNotFoundException none) {
      return false;
    } catch (S3RequestException e) {
      if (e.reason() == S3Failures.Reason.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }

  /** Up to the root: credentials may reach no further. */
  @Override
  public List<String> above(String path) {
    List<String> above = new ArrayList<>();
    S3Path place = S3Path.of(path);
    while (roots.stream().anyMatch(place::isBelow)) {
      place = place.withKey(place.key().substring(0, Math.max(0, place.key().lastIndexOf('/'))));
      above.add(place.toString());
    }
    return above;
  }

  /** There are none to be made. */
  @Override
  public void createDirectories(String directory) {
    run(
        "Place not opened",
        directory,
        () -> {
          below(directory);
          stop.throwIfStopped();
        });
  }

  /** There are none. */
  @Override
  public List<String> absentAbove(String directory, String top) {
    return List.of();
  }

  @Override
  public List<StoredFile> listFiles(String directory, String namePrefix) {
    S3Path place = S3Path.of(directory);
    List<StoredFile> found = new ArrayList<>();
    run(
        "Place not listed",
        directory,
        () ->
            objects.list(
                place,
                request -> request.prefix(place.prefix() + namePrefix).delimiter("/"),
                page ->
                    page.contents().stream()
                        .filter(object -> !object.key().equals(place.prefix()))
                        .map(object -> stored(place, object))
                        .forEach(found::add)));
    return found;
  }

  private static StoredFile stored(S3Path place, S3Object object) {
    return new StoredFile(
        place.withKey(object.key()).toString(),
        object.size(),
        object.lastModified().toEpochMilli());
  }

  @Override
  public List<String> names(String directory) {
    S3Path place = S3Path.of(directory);
    List<String> found = new ArrayList<>();
    run(
        "Place not listed",
        directory,
        () ->
            objects.list(
                place,
                request -> request.prefix(place.prefix()).delimiter("/"),
                page -> {
                  page.contents().forEach(object -> found.add(name(place, object.key())));
                  page.commonPrefixes().forEach(below -> found.add(name(place, below.prefix())));
                }));
    found.remove("");
    return found;
  }

  private static String name(S3Path place, String key) {
    String name = key.substring(place.prefix().length());
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  @Override
  public void deleteFile(String path) {
    run("File not deleted", path, () -> fileIo.delete(below(path).toString()));
  }

  /** With the uploads to places below it, which nobody sees and somebody pays for. */
  @Override
  public void deleteTree(String directory) {
    run(
        "Place not cleared",
        directory,
        () -> {
          S3Path place = below(directory);
          abortUploads(place, upload -> true);
          objects.list(
              place,
              request -> request.prefix(place.prefix()),
              page -> objects.delete(place, page.contents().stream().map(S3Object::key).toList()));
        });
  }

  private void abortUploads(S3Path place, Predicate<MultipartUpload> wanted) throws IOException {
    List<MultipartUpload> uploads;
    try {
      uploads = objects.uploads(place.withKey(place.prefix()));
    } catch (S3RequestException e) {
      if (isWithoutList(e)) {
        LOG.warn("place={} unfinished uploads not listed: {}", place, e.answer());
        return;
      }
      throw e;
    }
    for (MultipartUpload upload : uploads) {
      // Not every store keeps to the prefix.
      if (upload.key().startsWith(place.prefix()) && wanted.test(upload)) {
        objects.abortUpload(place.withKey(upload.key()), upload.uploadId());
      }
    }
  }

  /** Credentials for a part of a bucket often lack that, and not every store has it. */
  private static boolean isWithoutList(S3RequestException e) {
    return e.reason() == S3Failures.Reason.ACCESS_DENIED
        || e.reason() == S3Failures.Reason.NOT_SUPPORTED;
  }

  /** There are none. */
  @Override
  public void deleteIfEmpty(String directory) {
    run("Place not cleared", directory, () -> below(directory));
  }

  /** Nothing stops what is no attempt's. */
  private static final class Never implements StopSignal {
    @Override
    public Optional<StopReason> reason() {
      return Optional.empty();
    }

    @Override
    public Registration onStop(Runnable action) {
      return () -> {};
    }
  }

  /** Requests without a result. */
  private interface Operation {
    void run() throws IOException;
  }

  private static void run(String doing, String path, Operation operation) {
    try {
      operation.run();
    } catch (IOException e) {
      throw StorageFailures.of(e, doing, path);
    } catch (PathNotAllowedException e) {
      throw ExportException.permanent(e.code(), doing + ": " + e.message(), e);
    }
  }
}
