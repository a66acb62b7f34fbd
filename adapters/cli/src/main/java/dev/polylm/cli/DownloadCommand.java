package dev.polylm.cli;

import dev.polylm.cli.hub.HubDownload;
import dev.polylm.cli.hub.HubRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a checkpoint from a hub. */
@Command(
    name = "download",
    mixinStandardHelpOptions = true,
    description = {
      "Copies a checkpoint from Hugging Face's hub: the files that an export reads, each checked by"
          + " its size and hash. No other command uses the network.",
      "After a break the same command goes on where it ended. $HF_TOKEN is sent to the hub if it is"
          + " set."
    })
final class DownloadCommand implements Callable<Integer> {
  private static final String HUB = "https://huggingface.co";
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_STALL = Duration.ofSeconds(60);

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "OWNER/NAME",
      description = "The repository, such as DAMO-NLP-MT/polylm-1.7b.")
  private String repository = "";

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      defaultValue = "main",
      description = "A branch, a tag or a commit; main without it.")
  private String revision = "main";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The folder to make; without it the repository's name.")
  private @Nullable Path to;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The hub's address; without it $HF_ENDPOINT, or else " + HUB + ".")
  private @Nullable String endpoint;

  DownloadCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!HubRepository.isName(repository)) {
      throw new ParameterException(
          spec.commandLine(),
          "\"%s\" is no repository; expected owner/name, such as DAMO-NLP-MT/polylm-1.7b"
              .formatted(repository));
    }
    Map<String, String> environment = streams.environment();
    String hub = endpoint == null ? environment.getOrDefault("HF_ENDPOINT", HUB) : endpoint;
    String token = environment.get("HF_TOKEN");
    HubDownload download =
        new HubDownload(
            HubDownload.endpoint(hub),
            token == null || token.isBlank() ? null : token.strip(),
            FIRST_WAIT,
            LONGEST_STALL,
            streams::say);
    HubRepository found = download.repository(repository, revision);
    Path target = to == null ? Path.of(repository.substring(repository.indexOf('/') + 1)) : to;
    streams.say(
        String.format(
            Locale.ROOT,
            "%s at %s: %d files, %.1f MB. Licence: %s.",
            found.name(),
            found.commit().substring(0, 12),
            found.files().size(),
            found.bytes() / 1e6,
            found.licence()));
    AtomicLong bytes = new AtomicLong();
    try (Progress progress = Progress.ofBytes(streams, "Downloading", found.bytes())) {
      download.copy(
          found,
          target.toAbsolutePath(),
          more -> {
            long all = bytes.addAndGet(more);
            synchronized (progress) {
              progress.show(all, "");
            }
          });
    }
    streams.say("Downloaded to %s.".formatted(target));
    streams.say(
        "Now run: polylm export --checkpoint %s --output %s-onnx".formatted(target, target));
    return ExitCodes.OK;
  }
}
