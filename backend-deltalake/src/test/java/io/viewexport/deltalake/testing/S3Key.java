// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.time.Instant;

/**
 * A key of {@link S3Server}. Its text names no secret.
 *
 * @param sessionToken has to be sent with each request; empty text where there is none
 * @param expiration from when on it is refused
 */
public record S3Key(
    String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {

  @Override
  public String toString() {
    return accessKeyId + " until " + expiration;
  }
}
