/**
 * Exports to Delta tables, kind {@code data-lakehouse}: a host builds a {@link
 * io.viewexport.deltalake.DeltaLakeBackend} from a {@link io.viewexport.deltalake.DeltaLakeConfig}
 * and registers it with the engine.
 */
@NullMarked
package io.viewexport.deltalake;

import org.jspecify.annotations.NullMarked;
