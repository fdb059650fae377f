// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import java.util.List;
import java.util.Optional;

/**
 * Runs exports: takes requests, keeps their state in a store that a whole cluster may share, and
 * works at the tasks of every server's jobs. Safe for use by many threads.
 *
 * <p>The host closes the service before it closes the store, the source and the backends: they stay
 * the host's.
 */
public final class ExportService implements AutoCloseable {

  private ExportService() {}

  /** Starts a service; a store and a source are needed. */
  public static Builder builder() {
    return new Builder();
  }

  /** Begins to work at tasks. A service that is not started takes requests for others to run. */
  public void start() {
    throw new IllegalStateException("not there yet");
  }

  /**
   * Plans and stores an export. An unfinished job of the same principal, idempotency key and
   * request is given back instead.
   *
   * @throws ExportRefusedException with every problem of the request
   * @throws io.viewexport.api.ExportException where the source or the target can't be asked
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public ExportJob submit(ExportRequest request) {
    throw new IllegalStateException("not there yet");
  }

  /** A job as it stands. */
  public Optional<ExportJob> find(JobId id) {
    throw new IllegalStateException("not there yet");
  }

  /** Jobs as they stand, newest first. */
  public List<ExportJob> list(JobFilter filter) {
    throw new IllegalStateException("not there yet");
  }

  /**
   * Asks a job to end. Any number of times; a job at its end is left as it is.
   *
   * @return the job as it stands now; empty where it is not known
   */
  public Optional<ExportJob> cancel(JobId id) {
    throw new IllegalStateException("not there yet");
  }

  /** Whether no error of the JVM has reached a task; once false, the host should restart. */
  public boolean isHealthy() {
    throw new IllegalStateException("not there yet");
  }

  /** Stops claiming, lets tasks end, tells the rest to stop and gives their leases back. */
  @Override
  public void close() {}

  /** Collects what a service is made of. */
  public static final class Builder {

    private Builder() {}

    /** Where jobs are kept. */
    public Builder store(JobStore jobStore) {
      return this;
    }

    /** Where rows come from. */
    public Builder source(ViewSource viewSource) {
      return this;
    }

    /**
     * Adds a backend.
     *
     * @throws IllegalArgumentException where there is one of its kind already
     */
    public Builder backend(ExportBackend backend) {
      return this;
    }

    /** How the engine works; default {@link ExportConfig#standard()}. */
    public Builder config(ExportConfig settings) {
      return this;
    }

    /** Adds a listener. */
    public Builder listener(ExportListener listener) {
      return this;
    }

    /** The service, not started. */
    public ExportService build() {
      return new ExportService();
    }
  }
}
