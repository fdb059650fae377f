// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.chunk.ChunkId;

/** What {@link ExportBackend#exportChunk} is handed. */
public interface ChunkContext extends TaskContext {

  /** {@return the view that the chunk is a slice of} */
  ExportView view();

  /** {@return which chunk of it} */
  ChunkId chunk();
}
