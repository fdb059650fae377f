// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.shaded.org.eclipse.jetty.server.Server;

/**
 * S3 on loopback, with one bucket whose objects are plain files, so that Spark reads them as such.
 *
 * <p>It checks signatures. Besides the {@link #owner} it knows the keys that it {@link #vend
 * vends}: each works only with its session token, below its prefix and until it expires, which is
 * checked at every request. Refused are, as by Amazon's: another's key or prefix with {@code 403
 * AccessDenied}, an unknown or revoked key with {@code 403 InvalidAccessKeyId}, an expired one with
 * {@code 400 ExpiredToken}. Needs path-style access. Safe for use by many threads.
 */
public final class S3Server implements AutoCloseable {
  /** The one bucket. */
  public static final String BUCKET = "lake";

  /** What clients sign for. */
  public static final String REGION = "eu-central-1";

  private final Path root;
  private final S3Keys keys;
  private final S3Proxy proxy;

  private S3Server(Path root, S3Keys keys, S3Proxy proxy) {
    this.root = root;
    this.keys = keys;
    this.proxy = proxy;
  }

  /** Starts one whose keys expire by the machine's clock; the caller closes it. */
  public static S3Server start() {
    return start(Clock.systemUTC());
  }

  /** Starts one whose keys expire by this clock; the caller closes it. */
  public static S3Server start(Clock clock) {
    try {
      Path root = Files.createTempDirectory("s3-server");
      Files.createDirectory(root.resolve(BUCKET));
      S3Keys keys = new S3Keys(clock, new FilesystemNio2BlobStore(root.toString()));
      S3Proxy proxy =
          S3Proxy.builder()
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(
                  AuthenticationType.AWS_V4,
                  keys.owner().accessKeyId(),
                  keys.owner().secretAccessKey())
              .blobStore(keys.store())
              // Else a request with a session token is answered by 501.
              .ignoreUnknownHeaders(true)
              .build();
      proxy.setBlobStoreLocator(keys);
      Server server = jettyOf(proxy);
      server.setHandler(new SessionTokenCheck(server.getHandler(), keys));
      proxy.start();
      return new S3Server(root, keys, proxy);
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not start", e);
    }
  }

  /** The server is no part of s3proxy's interface, and s3proxy alone does not look at tokens. */
  private static Server jettyOf(S3Proxy proxy) throws ReflectiveOperationException {
    var field = S3Proxy.class.getDeclaredField("server");
    field.setAccessible(true);
    return (Server) field.get(proxy);
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  /** The folder with the bucket's objects: the key {@code a/b} is the file {@code a/b} in it. */
  public Path folder() {
    return root.resolve(BUCKET);
  }

  /** The URL of a key or prefix, such as {@code s3://lake/staging}. */
  public String url(String key) {
    return "s3://" + BUCKET + "/" + key;
  }

  /** The key that may do everything and does not expire; it has no session token. */
  public S3Key owner() {
    return keys.owner();
  }

  /**
   * Gives out a new key.
   *
   * @param prefix of the keys below which it works, without a slash at its end: {@code a/b} opens
   *     {@code a/b/c}, not {@code a/bc}
   * @param lifetime from now on by this server's clock
   */
  public S3Key vend(String prefix, Duration lifetime, S3Access access) {
    return keys.vend(prefix, lifetime, access);
  }

  /** The keys of all objects that were written or deleted by a vended key. */
  public Set<String> written() {
    return keys.written();
  }

  /** Makes a vended key unknown. */
  public void revoke(S3Key key) {
    keys.revoke(key);
  }

  /** Ends the server and removes the bucket. */
  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not stop", e);
    }
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
