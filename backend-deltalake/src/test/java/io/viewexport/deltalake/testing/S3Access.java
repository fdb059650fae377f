// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

/** What a key vended by {@link S3Server} may do below its prefix. */
public enum S3Access {
  /** Read and list. */
  READ,
  /** Read, list, write and delete. */
  READ_WRITE
}
