// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Credentials of the caller's: that there are none can be told from what a request met. */
record CallersCredentials(AwsCredentialsProvider provider) implements AwsCredentialsProvider {

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider.resolveCredentials();
    } catch (RuntimeException e) {
      throw new Missing(e);
    }
  }

  /** The provider had none to give. */
  static final class Missing extends SdkClientException {
    Missing(RuntimeException cause) {
      super(SdkClientException.builder().message("no credentials").cause(cause));
    }

    @Override
    public boolean retryable() {
      return false;
    }
  }
}
