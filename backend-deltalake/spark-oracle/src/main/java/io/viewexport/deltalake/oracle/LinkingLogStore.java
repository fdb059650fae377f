// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;

/**
 * How Spark commits to a table in a folder that other processes write as well: by a hard link,
 * which never takes the place of a file. Delta's own way for folders looks whether the file is
 * there and renames, so that it overwrites the commit of another process that came in between; it
 * says of itself that it is for tests alone.
 */
public final class LinkingLogStore extends HadoopFileSystemLogStore {
  /** Called by Delta. */
  public LinkingLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration configuration)
      throws IOException {
    if (overwrite) {
      writeWithRename(path, actions, true, configuration);
      return;
    }
    Path target = new File(path.toUri().getPath()).toPath();
    Path whole = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".tmp");
    try {
      Files.write(whole, (Iterable<String>) () -> actions, StandardCharsets.UTF_8);
      Files.createLink(target, whole);
    } finally {
      Files.delete(whole);
    }
  }

  @Override
  public Boolean isPartialWriteVisible(
      org.apache.hadoop.fs.Path path, Configuration configuration) {
    return true;
  }
}
