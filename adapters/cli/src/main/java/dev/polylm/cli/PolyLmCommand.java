package dev.polylm.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself; its subcommands do the work. */
@Command(
    name = "polylm",
    mixinStandardHelpOptions = true,
    versionProvider = PolyLmCommand.Version.class,
    description = "Converts and runs PolyLM language models.")
final class PolyLmCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command is given; expected one of " + spec.subcommands().keySet());
  }

  /** Returns the version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = PolyLmCommand.class.getPackage().getImplementationVersion();
      return new String[] {"polylm " + (version == null ? "(not packaged)" : version)};
    }
  }
}
