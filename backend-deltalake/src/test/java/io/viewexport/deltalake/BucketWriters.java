// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.Operation;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.utils.CloseableIterable;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.FaultyS3.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A process whose threads commit to one table in a bucket, each its own transactions one after the
 * other, over connections that lose three in ten writes, before or after their effect. It begins
 * when its starter closes the connection to the gate, and says {@code writer APP NUMBER} for each
 * commit that Delta Kernel acknowledged, {@code writer APP failed} where one failed.
 */
final class BucketWriters {
  private final Engine engine;
  private final String table;
  private final String name;
  private final int commits;

  private BucketWriters(Engine engine, String table, String name, int commits) {
    this.engine = engine;
    this.table = table;
    this.name = name;
    this.commits = commits;
  }

  /**
   * Runs.
   *
   * @param arguments the store's endpoint, the key and its secret, the table's URL, the process's
   *     name, how many threads, how many commits of each, the gate's port
   */
  public static void main(String[] arguments) throws Exception {
    S3Config config = BackendOnS3.config(URI.create(arguments[0])).build();
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create(arguments[1], arguments[2]));
    FaultyS3 http = BackendOnS3.faulty(config, BucketWriters::fault);
    try (S3Access access = S3Access.create(config, http)) {
      Engine engine =
          S3Storage.create(access, config.allowedRoots(), credentials, Map.of()).engine();
      var writers =
          new BucketWriters(engine, arguments[3], arguments[4], Integer.parseInt(arguments[6]));
      writers.run(Integer.parseInt(arguments[5]), Integer.parseInt(arguments[7]));
    }
  }

  private static Optional<Fault> fault(int number, SdkHttpRequest request) {
    if (request.method() != SdkHttpMethod.PUT) {
      return Optional.empty();
    }
    return switch (ThreadLocalRandom.current().nextInt(10)) {
      case 0 -> Optional.of(Fault.NOT_SENT);
      case 1 -> Optional.of(Fault.ANSWER_LOST);
      case 2 -> Optional.of(Fault.FAILED_AFTER);
      default -> Optional.empty();
    };
  }

  private void run(int threads, int gate) throws Exception {
    TableManager.loadSnapshot(table).build(engine);
    awaitGate(gate);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Object>> work = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String app = name + "-" + thread;
        work.add(Executors.callable(() -> commitAll(app)));
      }
      for (Future<Object> done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitGate(int port) throws IOException {
    try (Socket gate = new Socket(InetAddress.getLoopbackAddress(), port)) {
      int opened = gate.getInputStream().read();
      if (opened != -1) {
        throw new IOException("the gate says " + opened);
      }
    }
  }

  private void commitAll(String app) {
    for (int number = 0; number < commits; number++) {
      try {
        commit(app, number);
      } catch (RuntimeException e) {
        say(app, "failed");
        throw e;
      }
      say(app, String.valueOf(number));
    }
  }

  private void commit(String app, int number) {
    TableManager.loadSnapshot(table)
        .build(engine)
        .buildUpdateTableTransaction("test", Operation.WRITE)
        .withTransactionId(app, number)
        .build(engine)
        .commit(engine, CloseableIterable.emptyIterable());
  }

  private static void say(String app, String what) {
    System.out.println("writer " + app + " " + what);
  }
}
