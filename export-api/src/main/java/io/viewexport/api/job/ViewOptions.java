// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewFilters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How views are exported, as asked for: what is unset falls back to the job's options, then to the
 * defaults that {@link #resolve} states.
 *
 * @param chunkCount into how many chunks a view is cut
 * @param mergeKey the columns that name a row; empty: unset
 * @param mergeMode what happens to rows whose key the target has
 * @param timestampColumn the column that tells newer from older
 * @param patientColumn the column that holds the patient's key
 * @param filters which rows
 * @param columnTypes the types that columns are delivered as, where not their own: of each the
 *     relation's type must be one that {@linkplain ColumnType#canBeReadAs can be read so}
 */
public record ViewOptions(
    OptionalInt chunkCount,
    List<String> mergeKey,
    Optional<MergeMode> mergeMode,
    Optional<String> timestampColumn,
    Optional<String> patientColumn,
    Optional<ViewFilters> filters,
    Map<String, ColumnType> columnTypes) {

  /** Nothing asked for. */
  public static final ViewOptions UNSET = builder().build();

  /** The merge key of a view for which none is asked. */
  public static final List<String> DEFAULT_MERGE_KEY = List.of("id");

  /**
   * Copies the key and checks the count.
   *
   * @param chunkCount into how many chunks a view is cut
   * @param mergeKey the columns that name a row
   * @param mergeMode what happens to rows whose key the target has
   * @param timestampColumn the column that tells newer from older
   * @param patientColumn the column that holds the patient's key
   * @param filters which rows
   * @param columnTypes the types that columns are delivered as, where not their own
   */
  public ViewOptions {
    Objects.requireNonNull(mergeMode, "mergeMode");
    Objects.requireNonNull(timestampColumn, "timestampColumn");
    Objects.requireNonNull(patientColumn, "patientColumn");
    Objects.requireNonNull(filters, "filters");
    mergeKey = List.copyOf(mergeKey);
    columnTypes = Map.copyOf(columnTypes);
    if (chunkCount.isPresent() && chunkCount.getAsInt() < 1) {
      throw new IllegalArgumentException("chunkCount must be at least 1: " + chunkCount.getAsInt());
    }
  }

  /**
   * Starts with nothing asked for.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What holds for a view with these options in a job with those: the key defaults to {@code id},
   * the mode to {@code INSERT}, or to {@code UPSERT} where {@code since} is given.
   *
   * @param ofJob what holds where these options leave something unset
   * @return settings with nothing left unset but the number of chunks and the columns that not
   *     every view has
   */
  public ViewSettings resolve(ViewOptions ofJob) {
    ViewFilters wanted = filters.or(ofJob::filters).orElse(ViewFilters.NONE);
    MergeMode usual = wanted.since().isPresent() ? MergeMode.UPSERT : MergeMode.INSERT;
    List<String> key = mergeKey.isEmpty() ? ofJob.mergeKey : mergeKey;
    return new ViewSettings(
        chunkCount.isPresent() ? chunkCount : ofJob.chunkCount,
        key.isEmpty() ? DEFAULT_MERGE_KEY : key,
        mergeMode.or(ofJob::mergeMode).orElse(usual),
        timestampColumn.or(ofJob::timestampColumn),
        patientColumn.or(ofJob::patientColumn),
        wanted);
  }

  /** Collects options; every one may stay unset. */
  public static final class Builder {
    private OptionalInt chunkCount = OptionalInt.empty();
    private List<String> mergeKey = List.of();
    private Optional<MergeMode> mergeMode = Optional.empty();
    private Optional<String> timestampColumn = Optional.empty();
    private Optional<String> patientColumn = Optional.empty();
    private Optional<ViewFilters> filters = Optional.empty();
    private final Map<String, ColumnType> columnTypes = new HashMap<>();

    private Builder() {}

    /**
     * Into how many chunks a view is cut; at least 1.
     *
     * @param count number of chunks
     * @return this builder
     */
    public Builder chunkCount(int count) {
      chunkCount = OptionalInt.of(count);
      return this;
    }

    /**
     * The columns that name a row; at least one.
     *
     * @param columns names as the view has them, case included
     * @return this builder
     */
    public Builder mergeKey(List<String> columns) {
      mergeKey = List.copyOf(columns);
      return this;
    }

    /**
     * What happens to rows whose key the target has.
     *
     * @param mode what to do with them
     * @return this builder
     */
    public Builder mergeMode(MergeMode mode) {
      mergeMode = Optional.of(mode);
      return this;
    }

    /**
     * The column that tells newer from older.
     *
     * @param column its name as the view has it, of type {@code TIMESTAMP}
     * @return this builder
     */
    public Builder timestampColumn(String column) {
      timestampColumn = Optional.of(column);
      return this;
    }

    /**
     * The column that holds the patient's key.
     *
     * @param column its name as the view has it
     * @return this builder
     */
    public Builder patientColumn(String column) {
      patientColumn = Optional.of(column);
      return this;
    }

    /**
     * Which rows.
     *
     * @param wanted the filters; groups need not be resolved yet
     * @return this builder
     */
    public Builder filters(ViewFilters wanted) {
      filters = Optional.of(wanted);
      return this;
    }

    /**
     * The type that a column is delivered as, where not its own.
     *
     * @param column its name as the view has it
     * @param type one that the column's own {@linkplain ColumnType#canBeReadAs can be read as}
     * @return this builder
     */
    public Builder columnType(String column, ColumnType type) {
      columnTypes.put(column, type);
      return this;
    }

    /** {@return the options; throws {@link IllegalArgumentException} on a count below 1} */
    public ViewOptions build() {
      return new ViewOptions(
          chunkCount, mergeKey, mergeMode, timestampColumn, patientColumn, filters, columnTypes);
    }
  }
}
