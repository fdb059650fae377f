// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Credentials that can be had anew when a store says that they have ended. */
public interface ExpiringCredentials extends AwsCredentialsProvider {
  /** What was given last does not hold any more, whatever was told. */
  void expired();
}
