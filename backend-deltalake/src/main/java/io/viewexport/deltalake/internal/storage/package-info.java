/**
 * Where tables live: a {@link io.viewexport.deltalake.internal.storage.LakeStorage} gives Delta
 * Kernel its file access and guards what may be written and deleted.
 */
@NullMarked
package io.viewexport.deltalake.internal.storage;

import org.jspecify.annotations.NullMarked;
