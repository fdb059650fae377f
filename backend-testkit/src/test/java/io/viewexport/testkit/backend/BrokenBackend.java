// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.MergeMode;
import java.util.function.Function;

/** Backends that break one rule each. */
@SuppressWarnings("ImmutableEnumChecker") // what breaks a backend is a constructor
enum BrokenBackend {
  REPORTS_ONE_PROBLEM(BackendRule.B01, BrokenPlans.ReportsOneProblem::new),
  MAKES_TARGETS_WHEN_PLANNING(BackendRule.B01, BrokenPlans.MakesTargetsWhenPlanning::new),
  TAKES_UNKNOWN_PARAMETERS(BackendRule.B02, BrokenPlans.TakesUnknownParameters::new),
  REFUSES_WHAT_ALL_VIEWS_SHARE(BackendRule.B02, BrokenPlans.RefusesWhatAllViewsShare::new),
  LOOKS_AT_VIEWS_ALONE(BackendRule.B02, BrokenPlans.LooksAtViewsAlone::new),
  EXPORTS_THE_FIRST_VIEW_ALONE(BackendRule.B03, BrokenPlans.ExportsTheFirstViewAlone::new),
  SHARES_A_PLACE(BackendRule.B04, BrokenChunks.SharesAPlace::new),
  DROPS_THE_LAST_ROW(BackendRule.B05, BrokenChunks.DropsTheLastRow::new),
  COUNTS_ONE_TOO_MANY(BackendRule.B05, BrokenChunks.CountsOneTooMany::new),
  TAKES_A_FAILURE_FOR_THE_END(BackendRule.B05, BrokenChunks.TakesAFailureForTheEnd::new),
  SHOWS_CHUNKS_AT_ONCE(BackendRule.B06, BrokenChunks.ShowsChunksAtOnce::new),
  SHOWS_A_PART(BackendRule.B06, BrokenMerges.ShowsAPart::new),
  SHOWS_A_PART_IN_SECRET(BackendRule.B06, BrokenMerges.ShowsAPartInSecret::new),
  LISTS_STAGING(BackendRule.B07, BrokenMerges.ListsStaging::new),
  DELETES_STAGING(BackendRule.B07, BrokenMerges.DeletesStaging::new),
  ADDS_ROWS_AGAIN(BackendRule.B08, BrokenMerges.AddsRowsAgain::new),
  NOTES_THE_LAST_VIEW(BackendRule.B08, BrokenMerges.NotesTheLastView::new),
  UNDOES_LATER_EXPORTS(BackendRule.B08, BrokenMerges.UndoesLaterExports::new),
  FORGETS_ITS_LOCATION(BackendRule.B08, BrokenMerges.ForgetsItsLocation::new),
  SKIPS_NULL_KEYS(BackendRule.B09, BrokenChunks.SkipsNullKeys::new),
  KEEPS_ONE_OF_A_KEY(BackendRule.B09, BrokenChunks.KeepsOneOfAKey::new),
  KEYS_WITHOUT_CASE(BackendRule.B09, BrokenChunks.KeysWithoutCase::new),
  GUESSES_THAT_IT_IS_MERGED(BackendRule.B10, BrokenMerges.GuessesThatItIsMerged::new),
  SAYS_ALWAYS_WITHDRAWN(BackendRule.B11, BrokenMerges.SaysAlwaysWithdrawn::new),
  MERGES_TO_WITHDRAW(BackendRule.B11, BrokenMerges.MergesToWithdraw::new),
  WITHDRAWS_WHILE_IT_MERGES(BackendRule.B11, BrokenMerges.WithdrawsWhileItMerges::new),
  WITHDRAWS_WITHOUT_A_MARK(BackendRule.B11, BrokenMerges.WithdrawsWithoutAMark::new),
  ASKS_AT_THE_START(BackendRule.B12, BrokenMerges.AsksAtTheStart::new),
  ASKS_NOTHING_TO_WITHDRAW(BackendRule.B12, BrokenMerges.AsksNothingToWithdraw::new),
  ASKS_NOTHING_IN_CHUNKS(BackendRule.B12, BrokenChunks.AsksNothingInChunks::new),
  CLEANS_UP_WITHOUT_ASKING(BackendRule.B12, BrokenCleanups.CleansUpWithoutAsking::new),
  LEAVES_FAILED_ATTEMPTS(BackendRule.B13, BrokenCleanups.LeavesFailedAttempts::new),
  LEAVES_LATE_ATTEMPTS(BackendRule.B13, BrokenCleanups.LeavesLateAttempts::new),
  CLEANS_UP_ONCE(BackendRule.B13, BrokenCleanups.CleansUpOnce::new),
  CLEANS_UP_BY_PREFIX(BackendRule.B13, BrokenCleanups.CleansUpByPrefix::new),
  CLEANS_UP_WITHOUT_HYPHENS(BackendRule.B13, BrokenCleanups.CleansUpWithoutHyphens::new),
  CLEANS_UP_ALONE(BackendRule.B13, BrokenCleanups.CleansUpAlone::new),
  WIPES_ALL_STAGING(BackendRule.B13, BrokenCleanups.WipesAllStaging::new),
  EMPTIES_THE_TARGET(BackendRule.B13, BrokenCleanups.EmptiesTheTarget::new),
  CLEANS_UP_DOUBT(BackendRule.B14, BrokenCleanups.CleansUpDoubt::new),
  TELLS_SECRETS(BackendRule.B15, BrokenPlans.TellsSecrets::new),
  TELLS_THE_KEY(BackendRule.B15, BrokenMerges.TellsTheKey::new),
  PUTS_A_KEY_INTO_THE_RECEIPT(BackendRule.B15, BrokenChunks.PutsAKeyIntoTheReceipt::new),
  KEEPS_ALL_ROWS(BackendRule.B16, ForwardingBackend::new),
  GIVES_UP_ON_THE_SOURCE(BackendRule.B17, BrokenChunks.GivesUpOnTheSource::new),
  THROWS_WHAT_COMES(BackendRule.B17, BrokenMerges.ThrowsWhatComes::new),
  TRIES_FOR_EVER(BackendRule.B17, BrokenMerges.TriesForEver::new),
  SHARES_A_BUFFER(BackendRule.B18, BrokenChunks.SharesABuffer::new),
  LOSES_CONCURRENT_MERGES(BackendRule.B18, BrokenMerges.LosesConcurrentMerges::new),
  STRIPS_TEXT(BackendRule.B19, BrokenChunks.StripsText::new),
  TAKES_EMPTY_FOR_NULL(BackendRule.B19, BrokenChunks.TakesEmptyForNull::new),
  CUTS_TO_MILLIS(BackendRule.B19, BrokenChunks.CutsToMillis::new),
  WRITES_AS_DOUBLE(BackendRule.B19, BrokenChunks.WritesAsDouble::new),
  WRITES_IN_THE_MACHINES_ZONE(BackendRule.B19, BrokenChunks.WritesInTheMachinesZone::new),
  WRITES_LATIN_1(BackendRule.B19, BrokenChunks.WritesLatin1::new),
  FOLDS_NAMES(BackendRule.B19, BrokenChunks.FoldsNames::new),
  OVERWRITES_THE_TARGET(BackendRule.B20, BrokenMerges.OverwritesTheTarget::new),
  INSERTS_TO_UPSERT(
      BackendRule.B20,
      place -> new BrokenMerges.TreatsModes(place, MergeMode.UPSERT, MergeMode.INSERT)),
  INSERTS_TO_KEEP_HISTORY(
      BackendRule.B20,
      place -> new BrokenMerges.TreatsModes(place, MergeMode.HISTORY, MergeMode.UPSERT)),
  UPSERTS_TO_INSERT(
      BackendRule.B20,
      place -> new BrokenMerges.TreatsModes(place, MergeMode.INSERT, MergeMode.UPSERT)),
  TAKES_A_TARGET_FOR_DONE(BackendRule.B20, BrokenMerges.TakesATargetForDone::new),
  UPSERTS_NO_EQUAL_TIMES(BackendRule.B20, BrokenMerges.UpsertsNoEqualTimes::new),
  UPSERTS_NO_MISSING_TIMES(BackendRule.B20, BrokenMerges.UpsertsNoMissingTimes::new),
  REPLACES_TO_UPSERT(
      BackendRule.B20,
      place -> new BrokenMerges.TreatsModes(place, MergeMode.UPSERT, MergeMode.REPLACE)),
  COUNTS_ALL_AS_INSERTED(BackendRule.B21, BrokenMerges.CountsAllAsInserted::new),
  TAKES_STOPS_FOR_FAILURES(BackendRule.B22, BrokenChunks.TakesStopsForFailures::new),
  SWALLOWS_INTERRUPTS(BackendRule.B22, BrokenChunks.SwallowsInterrupts::new),
  CLOSES_THE_CURSOR(BackendRule.B23, BrokenChunks.ClosesTheCursor::new),
  KEEPS_BORROWED_BYTES(BackendRule.B23, BrokenChunks.KeepsBorrowedBytes::new),
  READS_AHEAD(BackendRule.B23, BrokenChunks.ReadsAhead::new),
  LEAVES_A_THREAD(BackendRule.B24, BrokenPlans.LeavesAThread::new),
  KEEPS_A_THREAD_PER_CHUNK(BackendRule.B24, BrokenChunks.KeepsAThreadPerChunk::new),
  CLOSES_ONCE(BackendRule.B24, BrokenPlans.ClosesOnce::new),
  EMPTIES_THE_TARGET_IN_SETUP(BackendRule.B25, BrokenPlans.EmptiesTheTargetInSetup::new),
  CHECKS_NOTHING_IN_SETUP(BackendRule.B25, BrokenPlans.ChecksNothingInSetup::new),
  SETS_UP_ONCE(BackendRule.B25, BrokenPlans.SetsUpOnce::new),
  NEEDS_ITS_OWN_SETUP(BackendRule.B26, BrokenMerges.NeedsItsOwnSetup::new),
  STAGES_IN_A_STATIC(BackendRule.B26, BrokenMerges.StagesInAStatic::new),
  KEYS_BY_JOB(BackendRule.B27, BrokenPlans.KeysByJob::new),
  HAS_ONE_KEY_FOR_ALL(BackendRule.B27, BrokenPlans.HasOneKeyForAll::new),
  REPORTS_NO_BYTES(BackendRule.B28, BrokenChunks.ReportsNoBytes::new),
  PLANS_ONE_CHUNK(BackendRule.B28, BrokenPlans.PlansOneChunk::new),
  DESCRIBES_NOTHING(BackendRule.B28, BrokenPlans.DescribesNothing::new);

  private final BackendRule rule;
  private final Function<BrokenPlace, ExportBackend> broken;

  BrokenBackend(BackendRule rule, Function<BrokenPlace, ExportBackend> broken) {
    this.rule = rule;
    this.broken = broken;
  }

  /** The rule that it breaks: at least one of its tests fails. */
  BackendRule rule() {
    return rule;
  }

  BackendFixture open() {
    return new BrokenPlace(broken);
  }
}
