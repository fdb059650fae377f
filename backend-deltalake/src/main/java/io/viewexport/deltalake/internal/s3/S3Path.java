// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a bucket.
 *
 * @param bucket its name
 * @param key parts joined by {@code /}; empty for the bucket itself
 */
record S3Path(String bucket, String key) {
  private static final Pattern URL = Pattern.compile("(?is)(s3a?)://([^/]*)(?:/(.*))?");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** AWS takes 1,024 bytes; the rest is for what the library appends. */
  private static final int MOST_KEY_BYTES = 720;

  /** What URLs, Delta's logs or readers of them give a meaning of its own. */
  private static final String REFUSED = "\\%#?:*\"<>|{}^`[]";

  /** Whether it is a URL of this kind, right or wrong. */
  static boolean isS3(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.startsWith("s3:") || lower.startsWith("s3a:");
  }

  /**
   * Reads what a user wrote.
   *
   * @throws PathNotAllowedException where it is no such URL, or has characters that are not safe
   */
  static S3Path parse(String url) {
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches() || !BUCKET.matcher(parts.group(2)).matches()) {
      throw invalid("\"" + url + "\" is no URL of S3; write it as s3://bucket/folder/table.");
    }
    String key = parts.group(3) == null ? "" : withoutSlashAtEnd(parts.group(3));
    if (!key.isEmpty()) {
      check(key);
    }
    return new S3Path(parts.group(2), key);
  }

  private static void check(String key) {
    if (key.getBytes(StandardCharsets.UTF_8).length > MOST_KEY_BYTES) {
      throw new PathNotAllowedException(
          "path-too-long", "A path in S3 must not be longer than " + MOST_KEY_BYTES + " bytes.");
    }
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || !part.strip().equals(part)) {
        throw invalid(
            "The path of an S3 URL must not have empty parts, \".\" or \"..\","
                + " nor spaces at the ends of its parts.");
      }
      if (part.chars().anyMatch(S3Path::isRefused)) {
        throw invalid(
            "The path of an S3 URL must not have control characters, nor any of " + REFUSED + ".");
      }
    }
  }

  private static boolean isRefused(int character) {
    return Character.isISOControl(character)
        || Character.getType(character) == Character.SURROGATE
        || Character.getType(character) == Character.UNASSIGNED
        || REFUSED.indexOf(character) >= 0;
  }

  private static PathNotAllowedException invalid(String message) {
    return new PathNotAllowedException("invalid-path", message);
  }

  /** A path in the canonical spelling, such as Delta Kernel hands back; nothing is checked. */
  static S3Path of(String path) {
    Matcher parts = URL.matcher(path);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no path in S3: " + path);
    }
    String key = parts.group(3) == null ? "" : parts.group(3);
    return new S3Path(parts.group(2), withoutSlashAtEnd(key));
  }

  private static String withoutSlashAtEnd(String key) {
    return key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
  }

  /** How all keys begin of what lies in it. */
  String prefix() {
    return key.isEmpty() ? "" : key + "/";
  }

  /** Whether it lies in another place, and is not that place. */
  boolean isBelow(S3Path other) {
    return bucket.equals(other.bucket) && key.startsWith(other.prefix()) && !key.equals(other.key);
  }

  /** The place with this key in the same bucket. */
  S3Path withKey(String other) {
    return new S3Path(bucket, other);
  }

  /** The last part of the key. */
  String name() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** The canonical spelling. */
  @Override
  public String toString() {
    return "s3://" + bucket + (key.isEmpty() ? "" : "/" + key);
  }
}
