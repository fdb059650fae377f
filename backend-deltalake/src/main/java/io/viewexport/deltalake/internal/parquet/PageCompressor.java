// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses pages, straight by the codec's library: Parquet's own way to it copies every page once
 * more, through streams. For one thread.
 */
abstract sealed class PageCompressor implements AutoCloseable {
  private byte[] scratch = new byte[64 * 1024];

  private PageCompressor() {}

  /** A compressor of the codec, at its fastest level. */
  static PageCompressor of(PageCompression compression) {
    return switch (compression) {
      case ZSTD -> new ZstdPages();
      case SNAPPY -> new SnappyPages();
    };
  }

  /** A new array with the compressed bytes. */
  final byte[] compress(byte[] bytes, int offset, int length) throws IOException {
    int most = maxLength(length);
    if (scratch.length < most) {
      scratch = new byte[most];
    }
    return Arrays.copyOf(scratch, compress(bytes, offset, length, scratch));
  }

  abstract CompressionCodecName codec();

  abstract int maxLength(int length);

  abstract int compress(byte[] bytes, int offset, int length, byte[] to) throws IOException;

  @Override
  public void close() {}

  private static final class ZstdPages extends PageCompressor {
    private static final int LEVEL = 1;
    private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);

    @Override
    CompressionCodecName codec() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    int maxLength(int length) {
      return Math.toIntExact(Zstd.compressBound(length));
    }

    @Override
    int compress(byte[] bytes, int offset, int length, byte[] to) {
      return context.compressByteArray(to, 0, to.length, bytes, offset, length);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class SnappyPages extends PageCompressor {
    @Override
    CompressionCodecName codec() {
      return CompressionCodecName.SNAPPY;
    }

    @Override
    int maxLength(int length) {
      return Snappy.maxCompressedLength(length);
    }

    @Override
    int compress(byte[] bytes, int offset, int length, byte[] to) throws IOException {
      return Snappy.compress(bytes, offset, length, to, 0);
    }
  }
}
