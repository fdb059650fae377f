// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Lets calls about one subject that come while another is under way go together in the next one. A
 * call that meets no other is made at once; none is made by a thread other than its callers'.
 *
 * @param <K> the subject
 * @param <Q> what is asked
 * @param <A> what is answered
 */
final class JointCalls<K, Q, A> {
  private static final int MOST = 100;

  /** Makes calls together. */
  @FunctionalInterface
  interface Work<K, Q, A> {
    /** Answers each question, in their order. */
    List<A> run(K subject, List<Q> questions);
  }

  /** A call that waits: for its answer, or for its turn to be made, which is an empty answer. */
  private record Call<Q, A>(Q question, CompletableFuture<Optional<A>> answer) {}

  private final Work<K, Q, A> work;

  /** The calls that wait, by subject; a subject is there as long as a call about it is made. */
  private final Map<K, Deque<Call<Q, A>>> waiting = new HashMap<>();

  JointCalls(Work<K, Q, A> work) {
    this.work = work;
  }

  /** Asks; may be answered together with others, and throws what the work for all of them threw. */
  A ask(K subject, Q question) {
    Call<Q, A> own = new Call<>(question, new CompletableFuture<>());
    if (waits(subject, own)) {
      Optional<A> answer = await(own);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return lead(subject, own);
  }

  /** How many calls wait for one that is under way. */
  synchronized int waitingFor(K subject) {
    return waiting.getOrDefault(subject, new ArrayDeque<>()).size();
  }

  private synchronized boolean waits(K subject, Call<Q, A> call) {
    Deque<Call<Q, A>> others = waiting.get(subject);
    if (others == null) {
      waiting.put(subject, new ArrayDeque<>());
      return false;
    }
    others.add(call);
    return true;
  }

  /** Without heed to interrupts, as the database's driver waits. */
  private static <A> Optional<A> await(Call<?, A> call) {
    try {
      return call.answer().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  private A lead(K subject, Call<Q, A> own) {
    List<Call<Q, A>> calls = new ArrayList<>(List.of(own));
    try {
      take(subject, calls);
      List<A> answers = work.run(subject, calls.stream().map(Call::question).toList());
      for (int call = 0; call < calls.size(); call++) {
        calls.get(call).answer().complete(Optional.of(answers.get(call)));
      }
      return answers.get(0);
    } catch (RuntimeException | Error failed) {
      calls.forEach(call -> call.answer().completeExceptionally(failed));
      throw failed;
    } finally {
      passOn(subject);
    }
  }

  private synchronized void take(K subject, List<Call<Q, A>> calls) {
    Deque<Call<Q, A>> others = waiting.getOrDefault(subject, new ArrayDeque<>());
    while (!others.isEmpty() && calls.size() < MOST) {
      calls.add(others.remove());
    }
  }

  private synchronized void passOn(K subject) {
    Deque<Call<Q, A>> others = waiting.getOrDefault(subject, new ArrayDeque<>());
    if (others.isEmpty()) {
      waiting.remove(subject);
    } else {
      others.remove().answer().complete(Optional.empty());
    }
  }
}
