// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list: newest first. {@link #builder()} sets what is wanted; what is not set does
 * not matter.
 *
 * @param principal only jobs on whose behalf
 * @param kind only jobs of this kind
 * @param clientTrackingId only jobs that a client named so
 * @param states only jobs in one of these; empty: in any
 * @param createdFrom only jobs accepted then or later
 * @param createdBefore only jobs accepted earlier
 * @param after only jobs that follow this place in the list: the last of the page before
 * @param limit the most to give; 1 to 1000
 */
public record JobFilter(
    Optional<String> principal,
    Optional<String> kind,
    Optional<String> clientTrackingId,
    Set<JobState> states,
    Optional<Instant> createdFrom,
    Optional<Instant> createdBefore,
    Optional<Place> after,
    int limit) {

  /** The newest hundred. */
  public static final JobFilter NEWEST = builder().build();

  /** Copies the states and checks the limit. */
  public JobFilter {
    states = Set.copyOf(states);
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("a page has 1 to 1000 jobs: " + limit);
    }
  }

  /**
   * A job's place in the list. It stays valid when jobs come and go.
   *
   * @param createdAt when the job was accepted
   * @param id its id
   */
  public record Place(Instant createdAt, JobId id) {
    /** The place of a job. */
    public static Place of(ExportJob job) {
      return new Place(job.createdAt(), job.id());
    }
  }

  /** Whether no job in a final state is wanted. */
  public boolean isUnfinishedOnly() {
    return !states.isEmpty() && states.stream().noneMatch(JobState::isFinal);
  }

  /** Starts with the newest hundred jobs of all. */
  public static Builder builder() {
    return new Builder();
  }

  /** The same jobs, from the one after this. */
  public JobFilter after(ExportJob last) {
    return new JobFilter(
        principal,
        kind,
        clientTrackingId,
        states,
        createdFrom,
        createdBefore,
        Optional.of(Place.of(last)),
        limit);
  }

  /** Collects what is wanted. */
  public static final class Builder {
    private Optional<String> principal = Optional.empty();
    private Optional<String> kind = Optional.empty();
    private Optional<String> clientTrackingId = Optional.empty();
    private Set<JobState> states = Set.of();
    private Optional<Instant> createdFrom = Optional.empty();
    private Optional<Instant> createdBefore = Optional.empty();
    private int limit = 100;

    private Builder() {}

    /** Only jobs on this principal's behalf. */
    public Builder principal(String name) {
      principal = Optional.of(name);
      return this;
    }

    /** Only jobs of this kind. */
    public Builder kind(String name) {
      kind = Optional.of(name);
      return this;
    }

    /** Only jobs that a client named so. */
    public Builder clientTrackingId(String id) {
      clientTrackingId = Optional.of(id);
      return this;
    }

    /** Only jobs in one of these states. */
    public Builder states(Set<JobState> wanted) {
      states = Set.copyOf(wanted);
      return this;
    }

    /** Only jobs accepted then or later. */
    public Builder createdFrom(Instant from) {
      createdFrom = Optional.of(from);
      return this;
    }

    /** Only jobs accepted earlier. */
    public Builder createdBefore(Instant before) {
      createdBefore = Optional.of(before);
      return this;
    }

    /** The most to give, 1 to 1000; default 100. */
    public Builder limit(int most) {
      limit = most;
      return this;
    }

    /** The filter; throws {@link IllegalArgumentException} on a limit out of range. */
    public JobFilter build() {
      return new JobFilter(
          principal,
          kind,
          clientTrackingId,
          states,
          createdFrom,
          createdBefore,
          Optional.empty(),
          limit);
    }
  }
}
