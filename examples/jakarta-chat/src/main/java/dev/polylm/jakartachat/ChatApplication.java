package dev.polylm.jakartachat;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/**
 * Serves the contents of the WAR: the API under v1/, the page under chat, and {@link Translations}.
 */
@ApplicationPath("/")
public class ChatApplication extends Application {}
