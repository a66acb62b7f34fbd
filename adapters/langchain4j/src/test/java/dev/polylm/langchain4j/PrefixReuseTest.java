package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine says, through Flight Recorder, of the ids it did not have to read again. */
class PrefixReuseTest {
  @TempDir private Path folder;

  interface Assistant {
    String chat(@MemoryId String id, @dev.langchain4j.service.UserMessage String message);
  }

  /** Conversations take turns with each other; each finds its own turns again. */
  @Test
  void aConversationsNextTurnReusesItsTurnsBefore() throws Exception {
    List<RecordedEvent> requests =
        record(
            model -> {
              Assistant assistant =
                  AiServices.builder(Assistant.class)
                      .chatModel(model)
                      .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(10))
                      .build();
              for (String color : List.of("green", "blue")) {
                assistant.chat(color, "Hi, my favorite color is " + color);
              }
              for (String color : List.of("green", "blue")) {
                assertThat(assistant.chat(color, "What is my favorite color?"))
                    .isEqualTo("Your favorite color is %s.", color);
              }
            });
    assertThat(requests).hasSize(4);
    for (int i = 0; i < 2; i++) {
      RecordedEvent first = requests.get(i);
      int read = first.getInt("promptIds");
      assertThat(requests.get(i + 2).getInt("reusedIds")).isEqualTo(read + first.getInt("steps"));
    }
  }

  @Test
  void requestsWithTheSameInstructionsReuseThem() throws Exception {
    SystemMessage instructions = SystemMessage.from("Answer as briefly as you can. ".repeat(8));
    List<RecordedEvent> requests =
        record(
            model -> {
              model.chat(instructions, UserMessage.from("hello"));
              model.chat(instructions, UserMessage.from("What is the capital of Germany?"));
            });
    assertThat(requests.get(0).getInt("reusedIds")).isZero();
    assertThat(requests.get(1).getInt("reusedIds"))
        .isGreaterThan(requests.get(1).getInt("promptIds") / 2);
  }

  private interface Calls {
    void make(ChatModel model);
  }

  private List<RecordedEvent> record(Calls calls) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      try (PolyLmChatModel model =
          PolyLmChatModel.builder().modelPath(TestModels.replies()).build()) {
        calls.make(model);
      }
      recording.stop(); // once the engine has ended
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.polylm.Request"))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }
}
