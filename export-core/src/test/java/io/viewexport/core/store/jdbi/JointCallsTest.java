// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JointCallsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<Integer>> made = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstIsUnderWay = new CountDownLatch(1);
  private final CompletableFuture<Boolean> firstMayEnd = new CompletableFuture<>();

  /** Holds the first call about {@code a} up; fails calls that ask a negative number. */
  private final JointCalls<String, Integer, Integer> calls = new JointCalls<>(this::run);

  private List<Integer> run(String subject, List<Integer> questions) {
    made.add(questions);
    if (subject.equals("a") && questions.contains(0)) {
      firstIsUnderWay.countDown();
      firstMayEnd.join();
    }
    if (questions.stream().anyMatch(question -> question < 0)) {
      throw new IllegalArgumentException("negative");
    }
    return questions.stream().map(question -> question * 2).toList();
  }

  @AfterEach
  void end() {
    firstMayEnd.complete(true);
    threads.shutdownNow();
  }

  private List<Future<Integer>> askBehindTheFirst(int... questions) throws Exception {
    List<Future<Integer>> asked = new ArrayList<>();
    asked.add(threads.submit(() -> calls.ask("a", 0)));
    firstIsUnderWay.await();
    for (int question : questions) {
      asked.add(threads.submit(() -> calls.ask("a", question)));
    }
    while (calls.waitingFor("a") < questions.length) {
      Thread.onSpinWait();
    }
    return asked;
  }

  @Test
  void whatComesMeanwhileGoesTogether() throws Exception {
    List<Future<Integer>> asked = askBehindTheFirst(1, 2, 3);
    firstMayEnd.complete(true);
    List<Integer> answers = new ArrayList<>();
    for (Future<Integer> one : asked) {
      answers.add(one.get());
    }
    assertThat(answers).containsExactly(0, 2, 4, 6);
    assertThat(made).hasSize(2);
    assertThat(made.get(1)).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void anotherSubjectDoesNotWait() throws Exception {
    askBehindTheFirst();
    assertThat(calls.ask("b", 5)).isEqualTo(10);
  }

  @Test
  void aFailureIsThrownToAllThatWentTogetherAndToNoOther() throws Exception {
    List<Future<Integer>> asked = askBehindTheFirst(1, -1);
    firstMayEnd.complete(true);
    assertThat(asked.get(0).get()).isZero();
    assertThatThrownBy(() -> asked.get(1).get()).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> asked.get(2).get()).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(calls.ask("a", 4)).isEqualTo(8);
    assertThat(calls.waitingFor("a")).isZero();
  }
}
