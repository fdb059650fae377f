// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.ViewName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An export, as asked for. It is stored with the job: it holds no secrets.
 *
 * @param kind which backend
 * @param views which views; at least one
 * @param options how, for every view that asks for nothing else
 * @param snapshotMode which state of the database
 * @param parameters the backend's parameters, opaque to the engine
 * @param principal on whose behalf; empty: nobody's in particular
 * @param idempotencyKey the same key of the same principal gives the running job instead of another
 * @param clientTrackingId the client's own id, given back in every status
 * @param notes what the one who submits keeps with the job, such as parts of the client's request
 *     to be given back; neither the engine nor the backend looks at it
 */
public record ExportRequest(
    String kind,
    List<ViewRequest> views,
    ViewOptions options,
    SnapshotMode snapshotMode,
    Map<String, String> parameters,
    Optional<String> principal,
    Optional<String> idempotencyKey,
    Optional<String> clientTrackingId,
    Map<String, String> notes) {

  /**
   * Copies lists and maps. What is wrong with the contents is found at planning, all at once.
   *
   * @param kind which backend
   * @param views which views
   * @param options how, for every view that asks for nothing else
   * @param snapshotMode which state of the database
   * @param parameters the backend's parameters, opaque to the engine
   * @param principal on whose behalf
   * @param idempotencyKey the same key of the same principal gives the running job instead of
   *     another
   * @param clientTrackingId the client's own id, given back in every status
   * @param notes what the one who submits keeps with the job, such as parts of the client's request
   *     to be given back
   */
  public ExportRequest {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(snapshotMode, "snapshotMode");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(idempotencyKey, "idempotencyKey");
    Objects.requireNonNull(clientTrackingId, "clientTrackingId");
    views = List.copyOf(views);
    parameters = Map.copyOf(parameters);
    notes = Map.copyOf(notes);
  }

  /**
   * Starts a request for this kind.
   *
   * @param kind the kind of a backend, as {@code ExportBackend.kind()} says it
   * @return a builder without views
   */
  public static Builder builder(String kind) {
    return new Builder(kind);
  }

  /** Collects a request; at least one view is needed. */
  public static final class Builder {
    private final String kind;
    private final List<ViewRequest> views = new ArrayList<>();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private ViewOptions options = ViewOptions.UNSET;
    private SnapshotMode snapshotMode = SnapshotMode.PER_CHUNK;
    private Optional<String> principal = Optional.empty();
    private Optional<String> idempotencyKey = Optional.empty();
    private Optional<String> clientTrackingId = Optional.empty();

    private Builder(String kind) {
      this.kind = kind;
    }

    /**
     * Adds a view with nothing asked for it alone.
     *
     * @param view the relation, after which the output is named
     * @return this builder
     */
    public Builder view(ViewName view) {
      return view(ViewRequest.of(view));
    }

    /**
     * Adds a view.
     *
     * @param view the relation, its output's name, and what is asked for it alone
     * @return this builder
     */
    public Builder view(ViewRequest view) {
      views.add(view);
      return this;
    }

    /**
     * How every view is exported that asks for nothing else.
     *
     * @param ofJob what a view's own options override
     * @return this builder
     */
    public Builder options(ViewOptions ofJob) {
      options = ofJob;
      return this;
    }

    /**
     * Which state of the database the rows come from; default {@code PER_CHUNK}.
     *
     * @param mode one snapshot per chunk, or one for all
     * @return this builder
     */
    public Builder snapshotMode(SnapshotMode mode) {
      snapshotMode = mode;
      return this;
    }

    /**
     * Sets a parameter of the backend's.
     *
     * @param name as the backend describes it
     * @param value as text; the last one of a name counts
     * @return this builder
     */
    public Builder parameter(String name, String value) {
      parameters.put(name, value);
      return this;
    }

    /**
     * On whose behalf.
     *
     * @param id as the host names who asks
     * @return this builder
     */
    public Builder principal(String id) {
      principal = Optional.of(id);
      return this;
    }

    /**
     * The same key of the same principal gives the running job instead of another.
     *
     * @param key any text of the client's choice
     * @return this builder
     */
    public Builder idempotencyKey(String key) {
      idempotencyKey = Optional.of(key);
      return this;
    }

    /**
     * The client's own id, given back in every status.
     *
     * @param id any text of the client's choice
     * @return this builder
     */
    public Builder clientTrackingId(String id) {
      clientTrackingId = Optional.of(id);
      return this;
    }

    /**
     * Keeps a text with the job, neither for the engine nor for the backend.
     *
     * @param name of the note
     * @param value the text; the last one of a name counts
     * @return this builder
     */
    public Builder note(String name, String value) {
      notes.put(name, value);
      return this;
    }

    /** {@return the request} */
    public ExportRequest build() {
      return new ExportRequest(
          kind,
          views,
          options,
          snapshotMode,
          parameters,
          principal,
          idempotencyKey,
          clientTrackingId,
          notes);
    }
  }
}
