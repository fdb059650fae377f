// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** What a vended key sees of the store: what lies below its prefix. */
final class ScopedStore extends ForwardingBlobStore {
  /** Names that s3proxy keeps for its own notes on uploads; no client can use them. */
  private static final String UPLOADS = ".s3proxy-mpu-stub-";

  private final String prefix;
  private final S3Access access;
  private final Set<String> written;

  /**
   * A view of the store.
   *
   * @param written takes the keys that are written or deleted
   */
  ScopedStore(BlobStore store, String prefix, S3Access access, Set<String> written) {
    super(store);
    this.prefix = prefix + "/";
    this.access = access;
    this.written = written;
  }

  private void read(@Nullable String key) {
    if (key == null || !(key.startsWith(prefix) || key.startsWith(UPLOADS))) {
      throw denied();
    }
  }

  private void write(@Nullable String key) {
    read(key);
    if (access == S3Access.READ) {
      throw denied();
    }
    written.add(String.valueOf(key));
  }

  private static S3Exception denied() {
    return S3Keys.refusal(403, "AccessDenied", "Access Denied");
  }

  @Override
  public ListBucketsResponse list() {
    throw denied();
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    read(request.prefix());
    return super.list(request);
  }

  @Override
  public CreateBucketResponse createContainer(CreateBucketRequest request) {
    throw denied();
  }

  @Override
  public void clearContainer(ListObjectsV2Request request) {
    throw denied();
  }

  @Override
  public void deleteContainer(String bucket) {
    throw denied();
  }

  @Override
  public void deleteBucket(String bucket) {
    throw denied();
  }

  @Override
  public boolean blobExists(String bucket, String key) {
    read(key);
    return super.blobExists(bucket, key);
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    read(request.key());
    return super.blobMetadata(request);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    read(request.key());
    return super.getBlob(request);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    write(request.key());
    return super.putBlob(request, payload);
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    read(request.sourceKey());
    write(request.destinationKey());
    return super.copyBlob(request);
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    write(request.key());
    return super.removeBlob(request);
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    write(request.key());
    return super.initiateMultipartUpload(request);
  }

  @Override
  public void abortMultipartUpload(MultipartUpload upload) {
    write(upload.blobName());
    super.abortMultipartUpload(upload);
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    write(upload.blobName());
    return super.completeMultipartUpload(upload, request);
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream payload) {
    write(upload.blobName());
    return super.uploadMultipartPart(upload, request, payload);
  }

  @Override
  public List<Part> listMultipartUpload(MultipartUpload upload) {
    read(upload.blobName());
    return super.listMultipartUpload(upload);
  }

  @Override
  public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
      String bucket) {
    return super.listMultipartUploads(bucket).stream()
        .filter(upload -> upload.key().startsWith(prefix))
        .toList();
  }
}
