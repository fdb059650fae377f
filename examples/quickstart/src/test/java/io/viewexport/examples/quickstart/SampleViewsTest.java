// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static io.viewexport.examples.quickstart.TestDatabase.query;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleViewsTest {
  private DatabaseSetup setup = new DatabaseSetup(TestDatabase.source());

  @BeforeEach
  void begin() throws SQLException {
    setup = TestDatabase.empty();
  }

  private void load(String name) throws Exception {
    Path file = Path.of(Objects.requireNonNull(SampleViewsTest.class.getResource(name)).toURI());
    setup.createSampleViews(setup.load(List.of(file)).keySet());
  }

  @Test
  void generatedResourcesHaveAllTheirColumns() throws Exception {
    Map<String, Long> counts = setup.loadSamples(new SampleResources(2_000));
    setup.createSampleViews(counts.keySet());
    assertThat(
            query(
                """
                select count(*), count(birth_date), count(family), count(given), count(city),
                  count(active), count(last_updated), count(deceased) > 0
                from sof.patient_flat
                """))
        .containsExactly("200|200|200|200|200|200|200|t");
    assertThat(
            query(
                """
                select count(*), count(code), count(display), count(effective), count(issued),
                  count(systolic), count(diastolic), count(value_code), count(value), count(unit)
                from sof.observation_flat
                """))
        .containsExactly("2000|2000|2000|2000|2000|200|200|200|1600|1600");
    assertThat(
            query(
                "select count(*) from sof.observation_flat o"
                    + " join sof.patient_flat p on p.id = o.patient_id"))
        .containsExactly("2000");
    assertThat(query("select count(*) > 0, count(*) = count(onset) from sof.condition_flat"))
        .containsExactly("t|t");
  }

  @Test
  void columnsHaveTypes() throws Exception {
    setup.createSampleViews(setup.loadSamples(new SampleResources(10)).keySet());
    assertThat(
            query(
                """
                select column_name, data_type from information_schema.columns
                where table_schema = 'sof' and table_name in ('patient_flat', 'observation_flat')
                  and data_type <> 'text' order by table_name, ordinal_position
                """))
        .containsExactly(
            "value|numeric",
            "systolic|numeric",
            "diastolic|numeric",
            "effective|timestamp with time zone",
            "issued|timestamp with time zone",
            "last_updated|timestamp with time zone",
            "birth_date|date",
            "active|boolean",
            "deceased|timestamp with time zone",
            "last_updated|timestamp with time zone");
  }

  @Test
  void partialDatesAndMissingPartsAreReadAsFhirHasThem() throws Exception {
    load("edges.ndjson");
    assertThat(query("select id, birth_date, deceased, family from sof.patient_flat order by id"))
        .containsExactly(
            "p1|1970-01-01|null|null",
            "p2|1970-05-01|2020-01-01 00:00:00+00|O'Neil",
            "p3|1970-05-09|2020-02-29 22:30:00.5+00|null",
            "p4|null|null|null");
    assertThat(
            query(
                "select id, patient_id, value, unit, systolic, effective"
                    + " from sof.observation_flat order by id"))
        .containsExactly(
            "o1|p1|139.9996742575894|cm|null|2010-01-09 19:04:32+00",
            "o2|p2|null|null|121|2010-01-01 00:00:00+00",
            "o3||null|null|null|2010-01-09 00:00:00+00",
            "o4|null|null|null|null|null");
    assertThat(query("select id, onset, abatement from sof.condition_flat"))
        .containsExactly("c1|1972-02-03 21:48:38+00|2003-01-01 00:00:00+00");
  }

  @Test
  void aSliceUnpacksOnlyItsOwnDocuments() throws Exception {
    setup.createSampleViews(setup.loadSamples(new SampleResources(100)).keySet());
    for (String view : List.of("patient_flat", "observation_flat", "condition_flat")) {
      List<String> plan =
          query("explain select * from sof." + view + " where hashtext(id) % 4 = 1");
      int filter = indexOf(plan, "Filter: ((hashtext(id)");
      assertThat(filter).as(String.join("\n", plan)).isPositive();
      assertThat(plan.get(filter - 1)).contains("Seq Scan");
      assertThat(indexOf(plan, "Subquery Scan")).isGreaterThan(filter);
    }
  }

  private static int indexOf(List<String> plan, String text) {
    for (int line = 0; line < plan.size(); line++) {
      if (plan.get(line).contains(text)) {
        return line;
      }
    }
    return -1;
  }
}
