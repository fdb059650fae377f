// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.ManualStop;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.internal.ForwardingCursor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Backends that get chunks wrong. */
final class BrokenChunks {
  private BrokenChunks() {}

  static final class SharesAPlace extends ForwardingBackend {
    SharesAPlace(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      return super.exportChunk(altered(ChunkContext.class, context, Map.of("attempt", 1)), rows);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      List<AcceptedReceipt> first =
          context.receipts().stream()
              .map(one -> new AcceptedReceipt(one.chunk(), 1, 0, one.receipt()))
              .toList();
      return super.finalizeExport(
          altered(FinalizeContext.class, context, Map.of("receipts", first)));
    }
  }

  /** Reads all, then exports something else. */
  abstract static class Changing extends ForwardingBackend {
    Changing(BrokenPlace place) {
      super(place);
    }

    abstract SampleRows changed(ChunkContext context, SampleRows rows);

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      context.stop().throwIfStopped();
      return super.exportChunk(context, changed(context, SampleRows.read(rows)).open());
    }
  }

  static final class DropsTheLastRow extends Changing {
    DropsTheLastRow(BrokenPlace place) {
      super(place);
    }

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      return new SampleRows(rows.schema(), rows.rows().subList(0, Math.max(0, rows.size() - 1)));
    }
  }

  static final class CountsOneTooMany extends ForwardingBackend {
    CountsOneTooMany(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      ChunkReceipt real = super.exportChunk(context, rows);
      return new ChunkReceipt(real.payload(), real.rowCount() + 1, real.byteCount());
    }
  }

  static final class TakesAFailureForTheEnd extends ForwardingBackend {
    TakesAFailureForTheEnd(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      return super.exportChunk(
          context,
          new ForwardingCursor(rows) {
            @Override
            public boolean next() {
              try {
                return super.next();
              } catch (IllegalStateException | Error failure) {
                return false;
              }
            }
          });
    }
  }

  static final class ShowsChunksAtOnce extends ForwardingBackend {
    ShowsChunksAtOnce(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      SampleRows read = SampleRows.read(rows);
      place.lake.putTarget(target(context.view()), rows(context.view()).plus(read));
      return super.exportChunk(context, read.open());
    }
  }

  static final class SkipsNullKeys extends Changing {
    SkipsNullKeys(BrokenPlace place) {
      super(place);
    }

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      return rows.where(row -> row.get(0) != null);
    }
  }

  static final class KeepsOneOfAKey extends Changing {
    KeepsOneOfAKey(BrokenPlace place) {
      super(place);
    }

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      Set<@Nullable Object> keys = new HashSet<>();
      return rows.where(row -> keys.add(row.get(0)));
    }
  }

  static final class KeysWithoutCase extends Changing {
    KeysWithoutCase(BrokenPlace place) {
      super(place);
    }

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      Set<String> keys = new HashSet<>();
      return rows.where(row -> keys.add(String.valueOf(row.get(0)).toLowerCase(Locale.ROOT)));
    }
  }

  static final class AsksNothingInChunks extends ForwardingBackend {
    AsksNothingInChunks(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      return super.exportChunk(
          altered(ChunkContext.class, context, Map.of("stop", new ManualStop())), rows);
    }
  }

  static final class GivesUpOnTheSource extends ForwardingBackend {
    GivesUpOnTheSource(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      try {
        return super.exportChunk(context, rows);
      } catch (ExportException e) {
        throw ExportException.permanent("chunk-failed", "The chunk failed.", e);
      }
    }
  }

  static final class TakesStopsForFailures extends ForwardingBackend {
    TakesStopsForFailures(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      try {
        return super.exportChunk(context, rows);
      } catch (ExportStoppedException e) {
        throw ExportException.retryable("chunk-failed", "The chunk failed.", e);
      }
    }
  }

  static final class SwallowsInterrupts extends ForwardingBackend {
    SwallowsInterrupts(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      ChunkReceipt receipt = super.exportChunk(context, rows);
      if (Thread.interrupted()) {
        place.seen.put("interrupted", true);
      }
      return receipt;
    }
  }

  static final class ClosesTheCursor extends ForwardingBackend {
    ClosesTheCursor(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      try (rows) {
        return super.exportChunk(context, rows);
      }
    }
  }

  /** Takes arrays that are the cursor's, and looks into them at the end. */
  static final class KeepsBorrowedBytes extends ForwardingBackend {
    KeepsBorrowedBytes(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      if (!rows.schema().equals(Samples.SCHEMA)) {
        return super.exportChunk(context, rows);
      }
      context.stop().throwIfStopped();
      List<byte[]> ids = new ArrayList<>();
      List<List<@Nullable Object>> others = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.isNull(0) ? new byte[7] : rows.bytes(0));
        others.add(
            SampleRows.row(
                rows.isNull(1) ? null : rows.stringValue(1),
                rows.isNull(2) ? null : Instant.EPOCH.plus(rows.longValue(2), ChronoUnit.MICROS)));
      }
      List<List<@Nullable Object>> all = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        String id = new String(ids.get(i), 3, ids.get(i).length - 6, StandardCharsets.UTF_8);
        all.add(SampleRows.row(id, others.get(i).get(0), others.get(i).get(1)));
      }
      return super.exportChunk(context, new SampleRows(rows.schema(), all).open());
    }
  }

  /** One list for all chunks that a server works at. */
  static final class SharesABuffer extends ForwardingBackend {
    private final List<List<@Nullable Object>> buffer =
        Collections.synchronizedList(new ArrayList<>());

    SharesABuffer(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      buffer.clear();
      SampleRows read =
          SampleRows.read(
              new ForwardingCursor(rows) {
                @Override
                public boolean next() {
                  boolean more = super.next();
                  if (more) {
                    buffer.add(List.of());
                  }
                  return more;
                }
              });
      int buffered = Math.min(buffer.size(), 2 * read.size());
      List<List<@Nullable Object>> all = new ArrayList<>(read.rows());
      all.addAll(read.rows().subList(0, Math.max(0, buffered - read.size())));
      return super.exportChunk(context, new SampleRows(read.schema(), all).open());
    }
  }

  /** Reads all into a queue before the first row is written. */
  static final class ReadsAhead extends ForwardingBackend {
    ReadsAhead(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      SampleRows read = SampleRows.read(rows);
      place.gate.pass();
      return super.exportChunk(context, read.open());
    }
  }

  /** Until the backend is closed. */
  static final class KeepsAThreadPerChunk extends ForwardingBackend {
    private final List<ExecutorService> writers = new CopyOnWriteArrayList<>();

    KeepsAThreadPerChunk(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      ExecutorService writer = Executors.newSingleThreadExecutor();
      writers.add(writer);
      writer.execute(() -> place.seen.put("wrote " + context.chunk(), true));
      return super.exportChunk(context, rows);
    }

    @Override
    public void close() {
      writers.forEach(ExecutorService::shutdownNow);
      super.close();
    }
  }

  static final class ReportsNoBytes extends ForwardingBackend {
    ReportsNoBytes(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      ChunkReceipt real = super.exportChunk(context, rows);
      return new ChunkReceipt(real.payload(), real.rowCount(), 0);
    }
  }

  static final class PutsAKeyIntoTheReceipt extends ForwardingBackend {
    PutsAKeyIntoTheReceipt(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      SampleRows read = SampleRows.read(rows);
      ChunkReceipt real = super.exportChunk(context, read.open());
      String last = read.size() == 0 ? "" : String.valueOf(read.rows().get(read.size() - 1).get(0));
      return new ChunkReceipt(real.payload() + "#" + last, real.rowCount(), real.byteCount());
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      List<AcceptedReceipt> plain = new ArrayList<>();
      for (AcceptedReceipt one : context.receipts()) {
        ChunkReceipt receipt = one.receipt();
        String payload = receipt.payload().split("#", 2)[0];
        plain.add(
            new AcceptedReceipt(
                one.chunk(),
                one.attempt(),
                0,
                new ChunkReceipt(payload, receipt.rowCount(), receipt.byteCount())));
      }
      return super.finalizeExport(
          altered(FinalizeContext.class, context, Map.of("receipts", plain)));
    }
  }

  /** Changes each value. */
  abstract static class ChangingValues extends Changing {
    ChangingValues(BrokenPlace place) {
      super(place);
    }

    abstract @Nullable Object changed(Object value);

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      List<List<@Nullable Object>> all = new ArrayList<>();
      for (List<@Nullable Object> row : rows.rows()) {
        List<@Nullable Object> values = new ArrayList<>();
        row.forEach(value -> values.add(value == null ? null : changed(value)));
        all.add(values);
      }
      return new SampleRows(rows.schema(), all);
    }
  }

  static final class StripsText extends ChangingValues {
    StripsText(BrokenPlace place) {
      super(place);
    }

    @Override
    Object changed(Object value) {
      return value instanceof String text ? text.strip() : value;
    }
  }

  static final class TakesEmptyForNull extends ChangingValues {
    TakesEmptyForNull(BrokenPlace place) {
      super(place);
    }

    @Override
    @Nullable Object changed(Object value) {
      return Objects.equals(value, "") ? null : value;
    }
  }

  static final class CutsToMillis extends ChangingValues {
    CutsToMillis(BrokenPlace place) {
      super(place);
    }

    @Override
    Object changed(Object value) {
      return value instanceof Instant time ? time.truncatedTo(ChronoUnit.MILLIS) : value;
    }
  }

  static final class WritesAsDouble extends ChangingValues {
    WritesAsDouble(BrokenPlace place) {
      super(place);
    }

    @Override
    Object changed(Object value) {
      return value instanceof Long number ? (long) (double) number : value;
    }
  }

  static final class WritesInTheMachinesZone extends ChangingValues {
    WritesInTheMachinesZone(BrokenPlace place) {
      super(place);
    }

    @Override
    Object changed(Object value) {
      return value instanceof Instant time
          ? LocalDateTime.ofInstant(time, ZoneId.systemDefault()).toInstant(ZoneOffset.UTC)
          : value;
    }
  }

  static final class WritesLatin1 extends ChangingValues {
    WritesLatin1(BrokenPlace place) {
      super(place);
    }

    @Override
    Object changed(Object value) {
      return value instanceof String text
          ? new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1)
          : value;
    }
  }

  /** The last column of names that differ in case alone wins. */
  static final class FoldsNames extends Changing {
    FoldsNames(BrokenPlace place) {
      super(place);
    }

    @Override
    SampleRows changed(ChunkContext context, SampleRows rows) {
      List<ViewColumn> columns = rows.schema().columns();
      List<List<@Nullable Object>> all = new ArrayList<>();
      for (List<@Nullable Object> row : rows.rows()) {
        List<@Nullable Object> values = new ArrayList<>(row);
        for (int i = 0; i < columns.size(); i++) {
          for (int j = 0; j < i; j++) {
            if (columns.get(i).name().equalsIgnoreCase(columns.get(j).name())
                && columns.get(j).type().equals(ColumnType.STRING)) {
              values.set(j, row.get(i));
            }
          }
        }
        all.add(values);
      }
      return new SampleRows(new ViewSchema(columns), all);
    }
  }
}
