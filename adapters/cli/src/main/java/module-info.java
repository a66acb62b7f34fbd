/** The {@code polylm} command. It has no API. */
@SuppressWarnings("module") // picocli reads the fields of the commands
module dev.polylm.cli {
  requires dev.polylm;
  requires dev.polylm.evaluation;
  requires dev.polylm.export;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires me.tongfei.progressbar;

  opens dev.polylm.cli to
      com.fasterxml.jackson.databind,
      info.picocli;
}
