/** The {@code polylm} command. It has no API. */
@SuppressWarnings("module") // picocli reads the fields of the commands
module dev.polylm.cli {
  requires dev.polylm;
  requires dev.polylm.evaluation;
  requires dev.polylm.export;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires java.logging;
  requires java.management;
  requires java.net.http;
  requires jdk.management;
  requires org.jline.reader;
  requires org.jline.terminal;

  exports dev.polylm.cli to
      java.logging; // for QuietLogs

  opens dev.polylm.cli to
      com.fasterxml.jackson.databind,
      info.picocli;
}
