// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** A plain HAPI FHIR server on Jetty: Patients to read, and the export operations. */
final class HapiServer implements HttpServer {
  private final Server server;

  private HapiServer(Server server) {
    this.server = server;
  }

  /** Starts it on a port of the loopback interface. */
  static HapiServer start(int port, DataSource data, HapiExports exports) throws Exception {
    RestfulServer fhir = new RestfulServer(FhirContext.forR4Cached());
    fhir.registerProvider(new PatientProvider(data));
    fhir.registerInterceptor(exports);

    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    ServletContextHandler context = new ServletContextHandler("/");
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    errors.setShowStacks(false);
    context.setErrorHandler(errors);
    FilterHolder whoAsks = new FilterHolder(DemoUser.filter());
    context.addFilter(whoAsks, BASE + "/*", EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new ServletHolder(fhir), BASE + "/*");
    ErrorHandler plain = new ErrorHandler();
    plain.setShowStacks(false);
    server.setErrorHandler(plain);
    server.setHandler(context);
    HapiServer started = new HapiServer(server);
    try {
      server.start();
      return started;
    } catch (Exception e) {
      started.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty did not stop", e);
    }
  }
}
