// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * The requests that may be repeated blindly, each with its failures as exceptions of ours. Safe for
 * use by many threads.
 */
final class S3Objects {
  /** The most that one request deletes. */
  private static final int MOST_DELETED = 1000;

  private final S3Client client;
  private final S3Client singleTry;
  private final S3Access access;

  S3Objects(S3Access access, S3Client client, S3Client singleTry) {
    this.access = access;
    this.client = client;
    this.singleTry = singleTry;
  }

  /** A client that makes each request once. */
  S3Client singleTry() {
    return singleTry;
  }

  S3Access access() {
    return access;
  }

  /** For requests that send bytes. */
  void sending(AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(access.sendingTimeout());
  }

  private interface Request<T> {
    T run();
  }

  /** The client repeats requests by itself, but with the credentials that it had first. */
  private <T> T call(S3Call call, S3Path path, Request<T> request) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return request.run();
      } catch (SdkException e) {
        if (!S3Failures.hasExpiredCredentials(e) || tries >= access.config().tries()) {
          throw S3Failures.of(e, call, path);
        }
      }
    }
  }

  HeadObjectResponse head(S3Path path) throws IOException {
    return call(
        S3Call.READ,
        path,
        () -> client.headObject(request -> request.bucket(path.bucket()).key(path.key())));
  }

  /** The bytes from one position up to, but not including, another. */
  ResponseBytes<GetObjectResponse> read(S3Path path, long from, long to) throws IOException {
    String range = "bytes=" + from + "-" + (to - 1);
    return call(
        S3Call.READ,
        path,
        () ->
            client.getObject(
                request -> request.bucket(path.bucket()).key(path.key()).range(range),
                ResponseTransformer.toBytes()));
  }

  /** All of an object; only for small ones. */
  byte[] readWhole(S3Path path) throws IOException {
    return call(
        S3Call.READ,
        path,
        () ->
            client
                .getObjectAsBytes(request -> request.bucket(path.bucket()).key(path.key()))
                .asByteArrayUnsafe());
  }

  /** Writes an object, in the place of what is there; gives the store's time. */
  long put(S3Path path, RequestBody body) throws IOException {
    return call(
        S3Call.WRITE,
        path,
        () ->
            time(
                client
                    .putObject(
                        request ->
                            request
                                .bucket(path.bucket())
                                .key(path.key())
                                .overrideConfiguration(this::sending),
                        body)
                    .sdkHttpResponse()));
  }

  /** When the store answered, by its own clock if it says so. */
  static long time(SdkHttpResponse response) {
    try {
      return response
          .firstMatchingHeader("Date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME))
          .map(ZonedDateTime::toInstant)
          .map(Instant::toEpochMilli)
          .orElseGet(System::currentTimeMillis);
    } catch (DateTimeParseException e) {
      return System.currentTimeMillis();
    }
  }

  String beginUpload(S3Path path) throws IOException {
    return call(
        S3Call.WRITE,
        path,
        () ->
            client
                .createMultipartUpload(request -> request.bucket(path.bucket()).key(path.key()))
                .uploadId());
  }

  CompletedPart uploadPart(S3Path path, String upload, int number, RequestBody body)
      throws IOException {
    return call(
        S3Call.WRITE,
        path,
        () -> {
          String tag =
              client
                  .uploadPart(
                      request ->
                          request
                              .bucket(path.bucket())
                              .key(path.key())
                              .uploadId(upload)
                              .partNumber(number)
                              .overrideConfiguration(this::sending),
                      body)
                  .eTag();
          return CompletedPart.builder().partNumber(number).eTag(tag).build();
        });
  }

  /** Makes the object of its parts, in the place of what is there; gives the store's time. */
  long completeUpload(S3Path path, String upload, List<CompletedPart> parts) throws IOException {
    try {
      return call(S3Call.WRITE, path, () -> complete(client, path, upload, parts, false));
    } catch (FileNotFoundException gone) {
      return whatWasCompleted(path, gone);
    }
  }

  /** A repeated request finds no upload where the answer to the first was lost. */
  private long whatWasCompleted(S3Path path, FileNotFoundException gone) throws IOException {
    try {
      return head(path).lastModified().toEpochMilli();
    } catch (FileNotFoundException e) {
      e.addSuppressed(gone);
      throw e;
    }
  }

  /** Makes the object of its parts, unless there is one; once, with the store's own exceptions. */
  long completeIfAbsent(S3Path path, String upload, List<CompletedPart> parts) {
    return complete(singleTry, path, upload, parts, true);
  }

  private static long complete(
      S3Client client, S3Path path, String upload, List<CompletedPart> parts, boolean ifAbsent) {
    return time(
        client
            .completeMultipartUpload(
                request -> {
                  request
                      .bucket(path.bucket())
                      .key(path.key())
                      .uploadId(upload)
                      .multipartUpload(all -> all.parts(parts));
                  if (ifAbsent) {
                    request.ifNoneMatch("*");
                  }
                })
            .sdkHttpResponse());
  }

  /** Nothing happens where it is gone already. */
  void abortUpload(S3Path path, String upload) throws IOException {
    try {
      call(
          S3Call.ABORT_UPLOAD,
          path,
          () ->
              client.abortMultipartUpload(
                  request -> request.bucket(path.bucket()).key(path.key()).uploadId(upload)));
    } catch (FileNotFoundException gone) {
      return;
    }
  }

  /** The uploads under way to keys that begin so. */
  List<MultipartUpload> uploads(S3Path prefix) throws IOException {
    return call(
        S3Call.LIST_UPLOADS,
        prefix,
        () -> {
          List<MultipartUpload> found = new ArrayList<>();
          client
              .listMultipartUploadsPaginator(
                  request -> request.bucket(prefix.bucket()).prefix(prefix.key()))
              .forEach(page -> found.addAll(page.uploads()));
          return found;
        });
  }

  /** Page after page of objects. */
  void list(S3Path where, Consumer<ListObjectsV2Request.Builder> filter, Page page)
      throws IOException {
    String next = null;
    do {
      String token = next;
      ListObjectsV2Response answer =
          call(
              S3Call.LIST,
              where,
              () ->
                  client.listObjectsV2(
                      request -> {
                        request.bucket(where.bucket()).continuationToken(token);
                        filter.accept(request);
                      }));
      page.accept(answer);
      next = Boolean.TRUE.equals(answer.isTruncated()) ? answer.nextContinuationToken() : null;
    } while (next != null);
  }

  /** Takes a page of a list. */
  interface Page {
    void accept(ListObjectsV2Response page) throws IOException;
  }

  /** Whether there is an object whose key begins so. */
  boolean hasAny(S3Path where, String prefix) throws IOException {
    return call(
            S3Call.LIST,
            where,
            () ->
                client.listObjectsV2(
                    request -> request.bucket(where.bucket()).prefix(prefix).maxKeys(1)))
        .contents()
        .stream()
        .findAny()
        .isPresent();
  }

  /** Deletes an object; nothing happens where there is none. */
  void delete(S3Path path) throws IOException {
    call(
        S3Call.DELETE,
        path,
        () -> client.deleteObject(request -> request.bucket(path.bucket()).key(path.key())));
  }

  /** Deletes objects, all of which it tries. */
  void delete(S3Path where, List<String> keys) throws IOException {
    Optional<S3Error> failed = Optional.empty();
    for (int from = 0; from < keys.size(); from += MOST_DELETED) {
      List<ObjectIdentifier> batch =
          keys.subList(from, Math.min(keys.size(), from + MOST_DELETED)).stream()
              .map(key -> ObjectIdentifier.builder().key(key).build())
              .toList();
      List<S3Error> errors =
          call(
                  S3Call.DELETE,
                  where,
                  () ->
                      client.deleteObjects(
                          request ->
                              request
                                  .bucket(where.bucket())
                                  .delete(delete -> delete.objects(batch).quiet(true))))
              .errors();
      failed = failed.or(() -> errors.stream().findFirst());
    }
    if (failed.isPresent()) {
      String code = Optional.ofNullable(failed.get().code()).orElse("");
      throw new S3RequestException(
          S3Failures.reasonOfKey(code), S3Call.DELETE, S3Failures.safe(code), null, null);
    }
  }

  /** Copies an object within the store, as one request can. */
  void copy(S3Path source, S3Path target, boolean replace) throws IOException {
    call(
        S3Call.COPY,
        target,
        () ->
            client.copyObject(
                request -> {
                  request
                      .sourceBucket(source.bucket())
                      .sourceKey(source.key())
                      .destinationBucket(target.bucket())
                      .destinationKey(target.key());
                  if (!replace) {
                    request.ifNoneMatch("*");
                  }
                }));
  }

  /** As a part of an upload: a piece of another object. */
  CompletedPart copyPart(S3Path source, S3Path target, String upload, int number, String range)
      throws IOException {
    return call(
        S3Call.COPY,
        target,
        () -> {
          String tag =
              client
                  .uploadPartCopy(
                      request ->
                          request
                              .sourceBucket(source.bucket())
                              .sourceKey(source.key())
                              .destinationBucket(target.bucket())
                              .destinationKey(target.key())
                              .uploadId(upload)
                              .partNumber(number)
                              .copySourceRange(range))
                  .copyPartResult()
                  .eTag();
          return CompletedPart.builder().partNumber(number).eTag(tag).build();
        });
  }
}
