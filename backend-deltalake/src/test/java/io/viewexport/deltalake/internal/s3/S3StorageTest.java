// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.FileStatus;
import io.viewexport.api.ExportException;
import io.viewexport.deltalake.BackendOnS3;
import io.viewexport.deltalake.S3Config;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.FaultyS3.Fault;
import io.viewexport.deltalake.testing.S3Server;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;

class S3StorageTest {
  private static final int MIB = 1 << 20;
  private static S3Server server;
  private static int places;

  private final String place = freshPlace();

  @BeforeAll
  static void start() {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String freshPlace() {
    return server.url("p" + places++);
  }

  private static S3Config config() {
    return BackendOnS3.config(server).partBytes(5 * MIB).tries(1).build();
  }

  private static FaultyS3 connections(FaultyS3.Plan plan) {
    return BackendOnS3.faulty(config(), plan);
  }

  private static FaultyS3 sound() {
    return connections((number, request) -> Optional.empty());
  }

  private static S3Storage storage(FaultyS3 http) {
    return BackendOnS3.storage(server, config(), http);
  }

  private static void commit(FileIO io, String path, String line) throws IOException {
    io.newOutputFile(path)
        .writeAtomically(Utils.toCloseableIterator(List.of(line).iterator()), false);
  }

  private static void write(FileIO io, String path, byte[] bytes) throws IOException {
    try (var out = io.newOutputFile(path).create(false)) {
      out.write(bytes);
    }
  }

  private static List<String> names(FileIO io, String from) throws IOException {
    List<String> names = new ArrayList<>();
    try (var found = io.listFrom(from)) {
      while (found.hasNext()) {
        FileStatus file = found.next();
        names.add(file.getPath().substring(file.getPath().lastIndexOf('/') + 1));
      }
    }
    return names;
  }

  @Test
  void listsFromANameOnInOrder() throws IOException {
    FileIO io = storage(sound()).fileIo();
    for (String name : List.of("10.json", "1.json", "2.json", "_x", "1.jsom~", "below/3.json")) {
      commit(io, place + "/" + name, name);
    }

    assertThat(names(io, place + "/1.json")).containsExactly("1.json", "10.json", "2.json", "_x");
    assertThat(names(io, place + "/zzz")).isEmpty();
    assertThatThrownBy(() -> io.listFrom(place + "-none/1"))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void whatIsMissingIsAFileNotFound() {
    FileIO io = storage(sound()).fileIo();

    assertThatThrownBy(() -> io.getFileStatus(place + "/none"))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.newInputFile(place + "/none", 0).newStream())
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> io.newInputFile(place + "/none", 9).newStream().read())
        .isInstanceOf(FileNotFoundException.class);
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "FAILED_IN_SUCCESS")
  void aCommitGoesThroughWhateverHappensToItsRequest(Fault fault) throws IOException {
    FaultyS3 http =
        connections(
            (number, request) ->
                number <= 2 && request.method() == SdkHttpMethod.PUT
                    ? Optional.of(fault)
                    : Optional.empty());
    FileIO io = storage(http).fileIo();

    commit(io, place + "/0.json", "mine");

    assertThatThrownBy(() -> commit(io, place + "/0.json", "another"))
        .isInstanceOf(FileAlreadyExistsException.class);
    commit(io, place + "/0.json", "mine");
    assertThat(io.getFileStatus(place + "/0.json").getSize()).isEqualTo(5);
  }

  @Test
  void ofManyWritersOneWinsEachVersionThoughAnswersAreLost() throws Exception {
    FaultyS3 http =
        connections(
            (number, request) -> {
              int dice = ThreadLocalRandom.current().nextInt(10);
              return request.method() == SdkHttpMethod.PUT && dice < 3
                  ? Optional.of(dice == 0 ? Fault.NOT_SENT : Fault.ANSWER_LOST)
                  : Optional.empty();
            });
    FileIO io = storage(http).fileIo();
    int writers = Integer.getInteger("race.writers", 8);
    int commits = Integer.getInteger("race.commits", 3);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<List<String>>> work = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int me = writer;
        work.add(() -> commits(io, me, commits));
      }
      List<String> acknowledged = new ArrayList<>();
      for (Future<List<String>> done : threads.invokeAll(work)) {
        acknowledged.addAll(done.get());
      }
      List<String> found = new ArrayList<>();
      for (int version = 0; version < writers * commits; version++) {
        String key = place.substring(server.url("").length()) + "/" + version + ".json";
        found.add(Files.readString(server.folder().resolve(key)).strip());
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(acknowledged);
      assertThat(names(io, place + "/0")).hasSize(writers * commits);
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> commits(FileIO io, int writer, int count) throws IOException {
    List<String> acknowledged = new ArrayList<>();
    for (int version = 0; acknowledged.size() < count; version++) {
      String content = writer + "-" + acknowledged.size();
      if (isCommitted(io, place + "/" + version + ".json", content)) {
        acknowledged.add(content);
      }
    }
    return acknowledged;
  }

  private static boolean isCommitted(FileIO io, String path, String content) throws IOException {
    try {
      commit(io, path, content);
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    }
  }

  @Test
  void aLargeObjectGoesInPartsAndItsEndIsNotFetched() throws IOException {
    FaultyS3 http = sound();
    FileIO io = storage(http).fileIo();
    byte[] bytes = new byte[11 * MIB];
    new Random(1).nextBytes(bytes);
    String path = place + "/large";

    write(io, path, bytes);

    assertThat(http.count()).isEqualTo(5);
    byte[] end = new byte[1000];
    try (var in = io.newInputFile(path, io.getFileStatus(path).getSize()).newStream()) {
      in.seek(bytes.length - 1000);
      in.readFully(end, 0, 1000);
    }
    assertThat(http.count()).isEqualTo(5);
    assertThat(end).isEqualTo(java.util.Arrays.copyOfRange(bytes, 11 * MIB - 1000, 11 * MIB));
    byte[] all = new byte[bytes.length];
    try (var in = storage(sound()).fileIo().newInputFile(path, bytes.length).newStream()) {
      in.readFully(all, 0, all.length);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(all).isEqualTo(bytes);
  }

  /** Stores begin to answer before they know. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void anUploadIsNotTakenForDoneWhereItsAnswerSaysOtherwise(int times) throws IOException {
    int[] ends = {0};
    S3Config patient = BackendOnS3.config(server).partBytes(5 * MIB).tries(3).build();
    FaultyS3 http =
        BackendOnS3.faulty(
            patient,
            (number, request) ->
                request.method() == SdkHttpMethod.POST
                        && request.firstMatchingRawQueryParameter("uploadId").isPresent()
                        && ++ends[0] <= times
                    ? Optional.of(Fault.FAILED_IN_SUCCESS)
                    : Optional.empty());
    FileIO io = BackendOnS3.storage(server, patient, http).fileIo();
    String path = place + "/large";

    Throwable failure = catchThrowable(() -> write(io, path, new byte[11 * MIB]));

    FileIO reader = storage(sound()).fileIo();
    if (times == 1) {
      assertThat(failure).isNull();
      assertThat(reader.getFileStatus(path).getSize()).isEqualTo(11 * MIB);
    } else {
      assertThat(failure)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(FileNotFoundException.class);
      assertThatThrownBy(() -> reader.getFileStatus(path))
          .isInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  void copiesWithoutReadingAndTellsOtherContent() throws IOException {
    S3Storage storage = storage(sound());
    write(storage.fileIo(), place + "/a", new byte[] {1, 2});
    write(storage.fileIo(), place + "/b", new byte[] {1, 2, 3});

    storage.linkOrCopy(place + "/a", place + "/c");
    storage.linkOrCopy(place + "/a", place + "/c");

    assertThatThrownBy(() -> storage.linkOrCopy(place + "/a", place + "/b"))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.code()).isEqualTo("file-exists"));
  }

  @Test
  void clearsAPlaceAndNothingBesideIt() throws IOException {
    S3Storage storage = storage(sound());
    FileIO io = storage.fileIo();
    for (int i = 0; i < 20; i++) {
      write(io, place + "/t/x/" + i, new byte[1]);
    }
    write(io, place + "/t-2/y", new byte[1]);
    var open = io.newOutputFile(place + "/t/open").create(false);
    open.write(new byte[6 * MIB]);

    storage.deleteTree(place + "/t");

    assertThat(storage.exists(place + "/t")).isFalse();
    assertThat(storage.names(place)).containsExactly("t-2");
    assertThatThrownBy(open::close).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://lake",
        "s3://lake/",
        "s3://other/x",
        "s3:/lake/x",
        "s3://lake/a//b",
        "s3://lake/a/../b",
        "s3://lake/./b",
        "s3://lake/a%2Fb",
        "s3://lake/a?b",
        "s3://lake/a#b",
        "s3://lake/ a",
        "s3://lake/a\nb",
        "s3://LAKE/a",
        "s3://user@lake/a"
      })
  void refusesOddPlaces(String url) {
    assertThatThrownBy(() -> storage(sound()).resolve(url))
        .isInstanceOf(PathNotAllowedException.class);
  }

  @Test
  void spellsAPlaceInOneWay() {
    S3Storage storage = storage(sound());

    assertThat(storage.resolve("s3a://lake/a b/é/")).isEqualTo("s3://lake/a b/é");
    assertThat(storage.resolve("S3://lake/a b/é")).isEqualTo("s3://lake/a b/é");
  }
}
