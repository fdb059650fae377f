// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.SampleRows;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does what the real backend does; the broken ones change something. */
class ForwardingBackend implements ExportBackend {
  final BrokenPlace place;
  private final ExportBackend real;

  ForwardingBackend(BrokenPlace place) {
    this.place = place;
    this.real = new InMemoryBackend(place.lake);
  }

  static String target(ExportView view) {
    return view.parameters().getOrDefault(InMemoryBackend.TARGET, view.name());
  }

  SampleRows rows(ExportView view) {
    return place
        .lake
        .target(target(view))
        .orElse(new SampleRows(view.description().schema(), List.of()));
  }

  /** A context with other answers to some questions, by the names of the methods. */
  static <T> T altered(Class<T> type, T context, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object answer = answers.get(method.getName());
              if (answer != null) {
                return answer;
              }
              try {
                return method.invoke(context, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public String kind() {
    return real.kind();
  }

  @Override
  public Set<Capability> capabilities() {
    return real.capabilities();
  }

  @Override
  public List<BackendParameter> parameters() {
    return real.parameters();
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    return real.planExport(context);
  }

  @Override
  public void setupExport(SetupContext context) {
    real.setupExport(context);
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    return real.exportChunk(context, rows);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    return real.finalizeExport(context);
  }

  @Override
  public void cancelExport(CancelContext context) {
    real.cancelExport(context);
  }

  @Override
  public void close() {
    real.close();
  }
}
