// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How tables in S3, or in a store that speaks its protocol, are reached. Holds no secrets.
 *
 * @param allowedRoots the places strictly below which requests may name targets and staging, such
 *     as {@code s3://bucket} or {@code s3://bucket/exports}; may be empty
 * @param region the region of the buckets, such as {@code eu-central-1}; of a store that has none,
 *     the one that it expects in signatures
 * @param endpoint where the store answers, if it isn't the region's own of AWS
 * @param addressing how requests name the bucket
 * @param partBytes how much of an object is sent in one request, which bounds the memory of a file
 *     that is being written; 5 MiB to 1 GiB. An object has at most 10,000 parts
 * @param connectTimeout how long a connection may take to be made
 * @param answerTimeout how long an answer, or its next piece, may take to come; a request that
 *     sends bytes may take twice that and a second for each MiB of a part, then it counts as
 *     unanswered
 * @param commitTimeout how long a commit whose answer was lost is sent again until there is an
 *     answer; then its outcome is unknown
 * @param tries how often a request is made before its failure counts; at least 1
 */
public record S3Config(
    List<String> allowedRoots,
    String region,
    Optional<URI> endpoint,
    Addressing addressing,
    int partBytes,
    Duration connectTimeout,
    Duration answerTimeout,
    Duration commitTimeout,
    int tries) {
  private static final int MIB = 1024 * 1024;
  private static final int MIN_PART_BYTES = 5 * MIB;
  private static final int MAX_PART_BYTES = 1024 * MIB;

  /** How requests name the bucket. */
  public enum Addressing {
    /** In the name of the host, as AWS asks for. */
    VIRTUAL_HOST,
    /** In the path, as most other stores ask for. */
    PATH
  }

  /** Copies the roots and checks the values. */
  public S3Config {
    allowedRoots = List.copyOf(allowedRoots);
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(addressing, "addressing");
    if (region.isBlank()) {
      throw new IllegalArgumentException("region must be named");
    }
    if (partBytes < MIN_PART_BYTES || partBytes > MAX_PART_BYTES) {
      throw new IllegalArgumentException("partBytes must be 5 MiB to 1 GiB: " + partBytes);
    }
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("answerTimeout", answerTimeout);
    requirePositive("commitTimeout", commitTimeout);
    if (tries < 1) {
      throw new IllegalArgumentException("tries must be at least 1: " + tries);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  /**
   * Starts with the defaults: AWS, parts of 8 MiB, 10 s to connect, 60 s for an answer, 60 s for
   * that to a commit, 4 tries.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings. */
  public static final class Builder {
    private List<String> allowedRoots = List.of();
    private String region = "";
    private Optional<URI> endpoint = Optional.empty();
    private Addressing addressing = Addressing.VIRTUAL_HOST;
    private int partBytes = 8 * MIB;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration answerTimeout = Duration.ofSeconds(60);
    private Duration commitTimeout = Duration.ofSeconds(60);
    private int tries = 4;

    private Builder() {}

    /** The places strictly below which requests may name targets and staging. */
    public Builder allowedRoots(List<String> roots) {
      allowedRoots = List.copyOf(roots);
      return this;
    }

    /** The region of the buckets; demanded. */
    public Builder region(String name) {
      region = name;
      return this;
    }

    /** Where the store answers, if it isn't the region's own of AWS. */
    public Builder endpoint(URI url) {
      endpoint = Optional.of(url);
      return this;
    }

    /** How requests name the bucket. */
    public Builder addressing(Addressing wanted) {
      addressing = wanted;
      return this;
    }

    /** How much of an object is sent in one request; 5 MiB to 1 GiB. */
    public Builder partBytes(int bytes) {
      partBytes = bytes;
      return this;
    }

    /** How long a connection may take to be made. */
    public Builder connectTimeout(Duration time) {
      connectTimeout = time;
      return this;
    }

    /** How long an answer, or its next piece, may take to come. */
    public Builder answerTimeout(Duration time) {
      answerTimeout = time;
      return this;
    }

    /** How long a commit whose answer was lost is sent again. */
    public Builder commitTimeout(Duration time) {
      commitTimeout = time;
      return this;
    }

    /** How often a request is made before its failure counts; at least 1. */
    public Builder tries(int number) {
      tries = number;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value out of its range. */
    public S3Config build() {
      return new S3Config(
          allowedRoots,
          region,
          endpoint,
          addressing,
          partBytes,
          connectTimeout,
          answerTimeout,
          commitTimeout,
          tries);
    }
  }
}
