/**
 * The contract between the engine and a backend: all that an author of a new kind needs.
 *
 * <p>The engine calls {@link io.viewexport.api.backend.ExportBackend#planExport plan} once, {@link
 * io.viewexport.api.backend.ExportBackend#setupExport setup} per view, {@link
 * io.viewexport.api.backend.ExportBackend#exportChunk chunk} per chunk on any server, {@link
 * io.viewexport.api.backend.ExportBackend#finalizeExport finalize} per view once all chunks are
 * done, and {@link io.viewexport.api.backend.ExportBackend#cancelExport clean-up} at every end.
 *
 * <h2>Rules</h2>
 *
 * <ol>
 *   <li><b>B1</b> Planning MUST have no effects and MUST report every problem of the request at
 *       once, columns that the merge needs and the view lacks included.
 *   <li><b>B2</b> A parameter that the backend does not know MUST be refused at planning.
 *   <li><b>B3</b> A capability that is listed MUST work; one that is not is refused by the engine.
 *   <li><b>B4</b> An attempt at a chunk MUST write only to a place that no other attempt writes to.
 *   <li><b>B5</b> A chunk MUST read its rows to the end, and its receipt MUST count exactly these.
 *   <li><b>B6</b> Nothing MUST be visible in the target before finalize; after it, all of it MUST
 *       be.
 *   <li><b>B7</b> Finalize MUST bring exactly the rows that the receipts name, read nothing else,
 *       and delete no staging.
 *   <li><b>B8</b> Finalize done again, also on another server after any interruption, MUST leave
 *       the target as one clean run does.
 *   <li><b>B9</b> NULL in a key column, and in the timestamp in mode <i>history</i>, MUST fail
 *       permanently before the target is touched; so MUST a key exported twice, in one chunk or in
 *       two, in every mode but <i>replace</i>.
 *   <li><b>B10</b> What is not known to be applied or not MUST be thrown as {@code OUTCOME_UNKNOWN}
 *       and found out by the next attempt, never guessed.
 *   <li><b>B11</b> With intent {@code WITHDRAW} finalize MUST begin no merge and MUST tell the
 *       truth about one that was begun. {@code Withdrawn} holds for good: no earlier attempt, a
 *       frozen one included, can take effect any more.
 *   <li><b>B12</b> Before an effect that others can see, the stop signal MUST be asked: as the last
 *       thing, after the effect is prepared.
 *   <li><b>B13</b> Clean-up MUST remove what every attempt left, MUST work any number of times,
 *       also on several servers at once, and MUST delete nothing of another job or of the target's
 *       owner.
 *   <li><b>B14</b> While the outcome of a view's merge is unknown, clean-up MUST keep its staging.
 *       It MAY find the outcome out, once nothing can change it any more, and then clean up; where
 *       it can't, it SHOULD throw, to be called again.
 *   <li><b>B15</b> Messages, receipts and checkpoints MUST hold neither row values nor secrets.
 *   <li><b>B16</b> Memory per chunk MUST be bounded by settings, not by the number of rows.
 *   <li><b>B17</b> Every failure MUST be of the right kind: {@code PERMANENT} is not tried again,
 *       and from finalize it says that no attempt has merged or will. What can't be looked up is
 *       {@code OUTCOME_UNKNOWN}.
 *   <li><b>B18</b> Chunks, views and jobs MUST be able to run at the same time.
 *   <li><b>B19</b> Column names and values MUST come back as they were, or be refused at planning.
 *   <li><b>B20</b> Rows of a target that is there MUST be treated as the mode says; others MUST NOT
 *       be touched. A kind without a merge MUST say what it does to them.
 *   <li><b>B21</b> The counts that finalize reports MUST be true, or empty where they can't be
 *       known. A repeat MUST say the same or nothing, and the same location.
 *   <li><b>B22</b> Work that is told to stop or is interrupted MUST end soon: by {@code
 *       ExportStoppedException}, or with the thread's interrupt flag still set.
 *   <li><b>B23</b> A row MUST be read when the one before is written or kept in a bounded buffer,
 *       by one thread, its bytes copied before the next. The cursor MUST NOT be closed.
 *   <li><b>B24</b> A closed backend MUST have left no thread and no open file behind, and on an
 *       open one they MUST NOT grow with the number of exports. Closing it again MUST do nothing.
 *   <li><b>B25</b> Setup MUST be able to be done again and MUST change no row of the target. It
 *       SHOULD find out what would fail later.
 *   <li><b>B26</b> Every call MAY come on another server: it MUST need only its context, the
 *       parameters and the receipts.
 *   <li><b>B27</b> The exclusion key MUST be the same for every view that is exported to one
 *       target, and another one for another target.
 *   <li><b>B28</b> Bytes written SHOULD be reported and counted. Capabilities and parameters SHOULD
 *       NOT change, and every parameter SHOULD be described.
 * </ol>
 */
@NullMarked
package io.viewexport.api.backend;

import org.jspecify.annotations.NullMarked;
