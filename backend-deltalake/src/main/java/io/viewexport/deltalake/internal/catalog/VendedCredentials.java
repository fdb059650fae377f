// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Credentials for S3 that Unity Catalog vends for one table or path, renewed before they end, also
 * in the middle of an upload. Safe for use by many threads.
 */
public final class VendedCredentials implements AwsCredentialsProvider {

  VendedCredentials() {}

  /**
   * Credentials that hold for a while yet.
   *
   * @throws io.viewexport.api.ExportException where the catalog refuses them
   * @throws io.viewexport.api.ExportStoppedException where the work they are for was told to stop
   */
  @Override
  public AwsCredentials resolveCredentials() {
    throw new UnsupportedOperationException();
  }
}
