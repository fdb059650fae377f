// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** The words and numbers that made-up resources are made of. */
final class SampleText {
  static final List<String> FEMALE =
      List.of(
          "Aisha",
          "Anneliese",
          "Carmen",
          "Chidinma",
          "Dolores",
          "Eleni",
          "Fatima",
          "Françoise",
          "Grace",
          "Hanna",
          "Ingrid",
          "Jasmine",
          "Keiko",
          "Leilani",
          "Lucía",
          "Mariana",
          "Mei",
          "Nadia",
          "Olga",
          "Priya",
          "Rosalind",
          "Saoirse",
          "Sofía",
          "Tamsin",
          "Zoë");
  static final List<String> MALE =
      List.of(
          "Adebayo",
          "Ahmed",
          "André",
          "Bartholomew",
          "Carlos",
          "Dmitri",
          "Eamon",
          "Felix",
          "Giorgos",
          "Hiroshi",
          "Ibrahim",
          "Jürgen",
          "Kofi",
          "Luca",
          "Mateo",
          "Miguel",
          "Nikolai",
          "Óscar",
          "Pavel",
          "Quentin",
          "Raj",
          "Søren",
          "Tomás",
          "Walter",
          "Xavier");
  static final List<String> FAMILY =
      List.of(
          "Abernathy",
          "Andersson",
          "Bergström",
          "Castellano",
          "Chaudhary",
          "D'Amico",
          "Dvořák",
          "Eriksen",
          "Fitzgerald",
          "García",
          "Hoffmann",
          "Ishikawa",
          "Jankowski",
          "Kowalczyk",
          "Lindqvist",
          "Martínez",
          "McAllister",
          "Müller",
          "Nakamura",
          "Ní Bhriain",
          "O'Connor",
          "Okonkwo",
          "Papadopoulos",
          "Quispe",
          "Rasmussen",
          "Santos",
          "Tanaka",
          "Ueda",
          "Van der Berg",
          "Wójcik",
          "Yamamoto",
          "Zieliński");
  static final List<String> STREETS =
      List.of("Birch Lane", "Church Road", "Elm Street", "Harbor View", "Mill Row", "Oak Avenue");

  /** City, first digits of its postal code, latitude, longitude. */
  static final List<City> CITIES =
      List.of(
          new City("Boston", "021", 42.36, -71.06),
          new City("Cambridge", "021", 42.37, -71.11),
          new City("Worcester", "016", 42.26, -71.80),
          new City("Springfield", "011", 42.10, -72.59),
          new City("Lowell", "018", 42.63, -71.32),
          new City("New Bedford", "027", 41.64, -70.93),
          new City("Quincy", "021", 42.25, -71.00),
          new City("Salem", "019", 42.52, -70.90));

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT);

  private SampleText() {}

  /** One of them. */
  static <T> T pick(List<T> words, SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }

  /** A UUID of version 4. */
  static String uuid(SplittableRandom random) {
    long most = (random.nextLong() & ~0xF000L) | 0x4000L;
    long least = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    return new UUID(most, least).toString();
  }

  /** That many digits. */
  static String digits(int count, SplittableRandom random) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  /** A number near the mean, at most three deviations away. */
  static BigDecimal near(double mean, double deviation, int digits, SplittableRandom random) {
    // The sum of twelve even random numbers is close to a bell curve.
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    double value = mean + deviation * Math.max(-3, Math.min(3, sum));
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  /** A FHIR dateTime. */
  static String dateTime(Instant time) {
    return SECONDS.format(time.atOffset(ZoneOffset.UTC));
  }

  /** A FHIR instant. */
  static String instant(Instant time) {
    return MILLIS.format(time.atOffset(ZoneOffset.UTC));
  }

  /**
   * A place.
   *
   * @param name its name
   * @param postalPrefix first digits of its postal codes
   * @param latitude degrees north
   * @param longitude degrees east
   */
  record City(String name, String postalPrefix, double latitude, double longitude) {}
}
