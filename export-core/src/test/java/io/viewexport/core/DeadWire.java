// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A way to a server on which connections can die without a word: what is sent is lost, and nothing
 * comes back.
 */
final class DeadWire implements AutoCloseable {
  private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile AtomicBoolean dead = new AtomicBoolean();

  DeadWire(int port) throws IOException {
    this.port = port;
    start(this::accept);
  }

  int port() {
    return entry.getLocalPort();
  }

  /** Lets every connection die that there is; new ones work. */
  void cut() {
    AtomicBoolean now = dead;
    dead = new AtomicBoolean();
    now.set(true);
  }

  private interface Part {
    void run() throws IOException;
  }

  private static void start(Part part) {
    Thread thread =
        new Thread(
            () -> {
              try {
                part.run();
              } catch (SocketException closed) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entry.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      AtomicBoolean ends = dead;
      start(() -> pump(client, server, ends));
      start(() -> pump(server, client, ends));
    }
  }

  private static void pump(Socket from, Socket to, AtomicBoolean dead) throws IOException {
    byte[] bytes = new byte[8192];
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      if (!dead.get()) {
        out.write(bytes, 0, count);
      }
    }
    if (!dead.get()) {
      to.close();
    }
  }

  @Override
  public void close() throws IOException {
    entry.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
