package dev.polylm.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Groups the options in a command's help by purpose, the common ones first. */
final class HelpSections {
  private static final String LIMITS = "Length and end";
  private static final String OTHERS = "Model and messages";

  private final Map<String, List<String>> sections = new LinkedHashMap<>();

  private HelpSections() {}

  /**
   * Returns the sections of a command that generates text.
   *
   * @param first the command's own options, which the common settings follow
   */
  static HelpSections ofGeneration(String... first) {
    List<String> common = new ArrayList<>(Arrays.asList(first));
    common.addAll(
        List.of(
            "--model",
            "--max-new-tokens",
            "--num-beams",
            "--do-sample",
            "--temperature",
            "--top-p",
            "--seed",
            "--stop-strings"));
    HelpSections help = new HelpSections();
    help.sections.put("Common options", common);
    help.put("Form of answers", "--json-schema", "--regex", "--choice", "--grammar");
    help.put("Files of requests", "--jsonl", "--output", "--text", "--resume", "--force");
    help.put(
        LIMITS,
        "--max-length --min-length --min-new-tokens --max-time --include-stop-string"
            + " --eos-token-id --forced-eos-token-id --exponential-decay-length-penalty");
    help.put(
        "Sampling",
        "--top-k --min-p --top-h --typical-p --epsilon-cutoff --eta-cutoff --reproducible");
    help.put(
        "Beams and several answers", "--num-return-sequences --early-stopping --length-penalty");
    help.put(
        "Penalties",
        "--repetition-penalty --frequency-penalty --presence-penalty --no-repeat-ngram-size");
    help.put(
        "Particular tokens",
        "--bad-words-ids --sequence-bias --logit-bias --suppress-tokens --begin-suppress-tokens"
            + " --forced-bos-token-id --bos-token-id --pad-token-id");
    help.put(
        "Guidance and prompt lookup",
        "--guidance-scale --negative-prompt --negative-prompt-ids --prompt-lookup-num-tokens"
            + " --max-matching-ngram-size --prompt-lookup-answers");
    help.put(
        "Logits and log-probabilities",
        "--renormalize-logits --remove-invalid-values --output-logprobs --top-logprobs");
    return help;
  }

  private void put(String title, String... names) {
    sections.put(title, Arrays.asList(String.join(" ", names).split(" ")));
  }

  /** Shows the sections in a command's help. Options of no section come last. */
  void addTo(CommandSpec command) {
    command
        .usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::optionList);
  }

  private String optionList(Help help) {
    List<OptionSpec> rest = new ArrayList<>(help.commandSpec().options());
    rest.removeIf(OptionSpec::hidden);
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (title, names) -> {
          List<OptionSpec> options = new ArrayList<>();
          for (String name : names) {
            rest.stream().filter(o -> o.longestName().equals(name)).forEach(options::add);
          }
          rest.removeAll(options);
          text.append(section(help, title, options));
        });
    return text.append(section(help, OTHERS, rest)).toString();
  }

  private static String section(Help help, String title, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return "";
    }
    Help.Layout layout =
        help.createDefaultLayout(help.commandSpec().options(), List.of(), help.colorScheme());
    layout.addOptions(options, help.parameterLabelRenderer());
    return "%n%s:%n%s".formatted(title, layout);
  }
}
