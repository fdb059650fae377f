/**
 * Tables in S3 and in stores that speak its protocol: an {@link
 * io.viewexport.deltalake.internal.s3.S3Storage} on an {@link
 * io.viewexport.deltalake.internal.s3.S3Access}.
 */
@NullMarked
package io.viewexport.deltalake.internal.s3;

import org.jspecify.annotations.NullMarked;
