/** The contracts between a server, the export engine, and the backends that write exports. */
module io.viewexport.api {
  requires static transitive org.jspecify;

  exports io.viewexport.api;
  exports io.viewexport.api.backend;
  exports io.viewexport.api.chunk;
  exports io.viewexport.api.job;
  exports io.viewexport.api.view;
}
