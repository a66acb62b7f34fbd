package dev.polylm.jakartachat;

import java.net.URI;

/** A server with the WAR deployed. */
interface WarServer extends AutoCloseable {
  /** The folder of the application, with a slash at its end. */
  URI root();

  /** The requests that the models of the WAR have ended. */
  EndedRequests endedRequests();

  /** Takes the WAR away, and returns when that is done. */
  void undeploy();

  /** Puts the WAR there again, and returns when that is done. */
  void deploy();

  @Override
  void close();
}
