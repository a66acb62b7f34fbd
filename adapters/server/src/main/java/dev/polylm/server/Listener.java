package dev.polylm.server;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2UpgradeHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Accepts connections and hands on their requests, in HTTP/1.1, or in HTTP/2 without TLS.
 *
 * <p>Undertow's own builder lets no handler see a request before it is upgraded to HTTP/2, so the
 * parts are put together here.
 */
final class Listener {
  private static final int BACKLOG = 1000;

  /** A connection without a request is closed after this time. */
  private static final int IDLE_MILLIS = 60_000;

  /** What Undertow's builder takes: 16 KiB with room for what surrounds the content. */
  private static final int BUFFER_BYTES = 16 * 1024 - 20;

  private static final int BUFFERS_OF_A_THREAD = 4;

  private final AcceptingChannel<? extends StreamConnection> connections;

  private Listener(AcceptingChannel<? extends StreamConnection> connections) {
    this.connections = connections;
  }

  /**
   * Begins to listen.
   *
   * @param headMillis how long the head of a request may take
   * @throws IOException if the address can't be listened on
   */
  static Listener open(
      XnioWorker worker, InetSocketAddress address, HttpHandler handler, int headMillis)
      throws IOException {
    HttpOpenListener http =
        new HttpOpenListener(
            new DefaultByteBufferPool(true, BUFFER_BYTES, -1, BUFFERS_OF_A_THREAD),
            OptionMap.builder()
                .set(UndertowOptions.ENABLE_HTTP2, true)
                .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, headMillis)
                .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                .set(UndertowOptions.ALWAYS_SET_DATE, true)
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
                .getMap());
    http.setRootHandler(new CertainRequests(new Http2UpgradeHandler(handler)));
    AcceptingChannel<? extends StreamConnection> connections =
        worker.createStreamConnectionServer(
            address,
            ChannelListeners.openListenerAdapter(http),
            OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                .getMap());
    connections.resumeAccepts();
    return new Listener(connections);
  }

  InetSocketAddress address() {
    return connections.getLocalAddress(InetSocketAddress.class);
  }

  /** Accepts no more connections. Those that are open stay open. */
  void stop() {
    IoUtils.safeClose(connections);
  }
}
