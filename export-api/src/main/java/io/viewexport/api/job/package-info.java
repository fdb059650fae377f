/**
 * What is asked for ({@link io.viewexport.api.job.ExportRequest}) and what became of it ({@link
 * io.viewexport.api.job.ExportJob}).
 */
@NullMarked
package io.viewexport.api.job;

import org.jspecify.annotations.NullMarked;
