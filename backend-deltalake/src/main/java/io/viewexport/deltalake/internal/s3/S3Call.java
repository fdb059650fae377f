// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

/** What is asked of a store, and what must be granted for it. */
enum S3Call {
  READ("s3:GetObject"),
  WRITE("s3:PutObject"),
  COPY("s3:GetObject and s3:PutObject"),
  DELETE("s3:DeleteObject"),
  LIST("s3:ListBucket"),
  LIST_UPLOADS("s3:ListBucketMultipartUploads"),
  ABORT_UPLOAD("s3:AbortMultipartUpload");

  private final String grant;

  S3Call(String grant) {
    this.grant = grant;
  }

  String grant() {
    return grant;
  }
}
