// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SampleViewSourceTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");
  private static final Instant NOON = Instant.parse("2024-05-05T12:00:00Z");
  private static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("at", ColumnType.TIMESTAMP),
              column("day", ColumnType.DATE)));

  private final SampleViewSource source =
      new SampleViewSource()
          .put(
              VIEW,
              SampleRows.of(
                  SCHEMA,
                  row("before", NOON.minusNanos(1000), LocalDate.of(2024, 5, 5)),
                  row("at", NOON, LocalDate.of(2024, 5, 6)),
                  row("never", null, null)));

  @Test
  void sinceLeavesOutOlderRowsAndThoseWithoutATime() {
    assertThat(ids(request("at", ViewFilters.since(NOON)))).containsExactly("at");
    assertThat(ids(request("day", ViewFilters.since(NOON)))).containsExactly("at");
    assertThat(ids(request("at", ViewFilters.NONE))).containsExactly("before", "at", "never");
  }

  @Test
  void aMissingViewIsRefusedWhenDescribedAndPermanentWhenOpened() {
    SliceRequest request = request("at", ViewFilters.NONE);
    source.drop(VIEW);

    assertThatThrownBy(() -> source.describeView(VIEW)).isInstanceOf(ExportRefusedException.class);
    assertPermanent(request, "view-gone");
  }

  @Test
  void onlyRowsOfThePatientsAreGiven() {
    assertThat(ids(request("at", ofPatients(List.of("never", "other"), List.of()))))
        .containsExactly("never");
    assertThat(ids(request("at", ofPatients(List.of(), List.of("g"))))).isEmpty();
  }

  private static ViewFilters ofPatients(List<String> patients, List<String> groups) {
    return new ViewFilters(Optional.empty(), patients, groups);
  }

  @Test
  void changedColumnsArePermanent() {
    SliceRequest request = request("at", ViewFilters.NONE);
    source.put(VIEW, SampleRows.ofEveryType(1, 1));
    assertPermanent(request, "view-changed");
  }

  private void assertPermanent(SliceRequest request, String code) {
    assertThatThrownBy(() -> source.openSlice(request, new ManualStop()))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              assertThat(e.code()).isEqualTo(code);
            });
  }

  private List<@Nullable Object> ids(SliceRequest request) {
    return SampleRows.read(source.openSlice(request, new ManualStop())).column("id");
  }

  private static SliceRequest request(String timestamp, ViewFilters filters) {
    return new SliceRequest(
        VIEW,
        SCHEMA,
        new ViewSlice.Whole(),
        List.of("id"),
        Optional.of(timestamp),
        Optional.of("id"),
        filters,
        Optional.empty());
  }
}
