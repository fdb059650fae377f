// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the operations answer. {@link #builder()} has a default for every value.
 *
 * @param baseUrl the FHIR base in absolute URLs; empty: the one that each request says
 * @param profile which responses
 * @param defaultKind the kind of requests that name none; empty: they are refused
 * @param maxBodyBytes the largest body of a request; a larger one is refused
 * @param access who may see and cancel jobs
 * @param denial how those are answered who may not
 * @param minPollInterval how long a client must wait before it asks for the same job's status again
 *     (else {@code 429}); empty: it may ask as often as it likes
 * @param stallTime after how long without a change of the figures the estimate is withheld
 * @param decimals how columns of FHIR's decimal numbers are exported
 * @param snapshots which exports read under one snapshot
 * @param advice where clients are told what makes their views slow or unsafe
 */
public record ExportOperationConfig(
    Optional<String> baseUrl,
    ResponseProfile profile,
    Optional<String> defaultKind,
    int maxBodyBytes,
    AccessPolicy access,
    Denial denial,
    Optional<Duration> minPollInterval,
    Duration stallTime,
    Decimals decimals,
    Snapshots snapshots,
    Advice advice) {

  /** How a principal is answered who may not do something. */
  public enum Denial {
    /** As if there were no such job. */
    NOT_FOUND,
    /** That it is forbidden. */
    FORBIDDEN
  }

  /** How columns of the FHIR type {@code decimal} are exported. */
  public enum Decimals {
    /** As the nearest double: what most analytical tools expect. */
    DOUBLE,
    /** As the relation has them: {@code numeric(p,s)} stays exact. */
    EXACT
  }

  /** Which exports read all their views under one snapshot, where the source can share one. */
  public enum Snapshots {
    /** Those by {@code $sql-export}. */
    SQL_EXPORT,
    /** All. */
    ALWAYS,
    /** None: no export keeps the database from vacuuming for longer than a chunk takes. */
    NEVER
  }

  /** Where clients are told what makes their views slow or unsafe to export. */
  public enum Advice {
    /** In each status of the export, and in its result. It may quote the views' definitions. */
    IN_STATUS,
    /** Nowhere: nothing is looked for. */
    NONE
  }

  /** Checks each value's range. */
  public ExportOperationConfig {
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(defaultKind, "defaultKind");
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(denial, "denial");
    Objects.requireNonNull(minPollInterval, "minPollInterval");
    Objects.requireNonNull(stallTime, "stallTime");
    Objects.requireNonNull(decimals, "decimals");
    Objects.requireNonNull(snapshots, "snapshots");
    Objects.requireNonNull(advice, "advice");
    baseUrl = baseUrl.map(ExportOperationConfig::withoutSlash);
    if (maxBodyBytes < 1) {
      throw new IllegalArgumentException("maxBodyBytes must be at least 1: " + maxBodyBytes);
    }
  }

  /** After a cancel the 2.1 profile knows the job no more. */
  boolean isHidden(ExportJob job) {
    return profile == ResponseProfile.SPEC && job.cancelRequested();
  }

  static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** The defaults. */
  public static ExportOperationConfig standard() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; every one has a default. */
  public static final class Builder {
    private Optional<String> baseUrl = Optional.empty();
    private ResponseProfile profile = ResponseProfile.REFERENCE;
    private Optional<String> defaultKind = Optional.empty();
    private int maxBodyBytes = 1024 * 1024;
    private AccessPolicy access = AccessPolicy.INITIATOR;
    private Denial denial = Denial.NOT_FOUND;
    private Optional<Duration> minPollInterval = Optional.empty();
    private Duration stallTime = Duration.ofMinutes(2);
    private Decimals decimals = Decimals.DOUBLE;
    private Snapshots snapshots = Snapshots.SQL_EXPORT;
    private Advice advice = Advice.IN_STATUS;

    private Builder() {}

    /** The FHIR base in absolute URLs, such as {@code https://example.org/fhir}. */
    public Builder baseUrl(String url) {
      baseUrl = Optional.of(url);
      return this;
    }

    /** Which responses; default {@link ResponseProfile#REFERENCE}. */
    public Builder profile(ResponseProfile wanted) {
      profile = wanted;
      return this;
    }

    /** The kind of requests that name none; by default they are refused. */
    public Builder defaultKind(String kind) {
      defaultKind = Optional.of(kind);
      return this;
    }

    /** The largest body; default 1 MiB. */
    public Builder maxBodyBytes(int most) {
      maxBodyBytes = most;
      return this;
    }

    /** Who may see and cancel jobs; default {@link AccessPolicy#INITIATOR}. */
    public Builder access(AccessPolicy policy) {
      access = policy;
      return this;
    }

    /** How those are answered who may not; default as if there were no such job. */
    public Builder denial(Denial how) {
      denial = how;
      return this;
    }

    /** How long a client must wait between two polls of a job; by default it need not. */
    public Builder minPollInterval(Duration least) {
      minPollInterval = Optional.of(least);
      return this;
    }

    /** After how long without a change the estimate is withheld; default 2 min. */
    public Builder stallTime(Duration time) {
      stallTime = time;
      return this;
    }

    /** How FHIR decimals are exported; default as doubles. */
    public Builder decimals(Decimals how) {
      decimals = how;
      return this;
    }

    /** Which exports read under one snapshot; default those by {@code $sql-export}. */
    public Builder snapshots(Snapshots which) {
      snapshots = which;
      return this;
    }

    /** Where clients are told what is wrong with their views; default in the status. */
    public Builder advice(Advice where) {
      advice = where;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on one out of range. */
    public ExportOperationConfig build() {
      return new ExportOperationConfig(
          baseUrl,
          profile,
          defaultKind,
          maxBodyBytes,
          access,
          denial,
          minPollInterval,
          stallTime,
          decimals,
          snapshots,
          advice);
    }
  }
}
