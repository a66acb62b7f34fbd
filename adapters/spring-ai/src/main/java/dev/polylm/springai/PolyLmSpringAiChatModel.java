package dev.polylm.springai;

import static java.util.Objects.requireNonNull;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.CutAnswers;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolUse;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.MessageAggregator;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import reactor.core.publisher.Flux;

/**
 * Runs a PolyLM in this JVM as Spring AI's ChatModel.
 *
 * <pre>{@code
 * PolyLmSpringAiChatModel model =
 *     PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
 * System.out.println(model.call("Why is the sky blue?"));
 * }</pre>
 *
 * <p>The prompt consists of all messages, in the form that the model was trained on. Every option
 * is honoured or refused. Each call is observed as Spring AI's conventions say. This class does not
 * close the PolyLm.
 *
 * <p>If the options offer tools, the prompt describes them, and the answer calls some of them or is
 * a text. As with every model of Spring AI, the caller runs the tools; a ChatClient does so.
 *
 * <p>Thread-safe: many threads may call it at once. An interrupted thread gets what was generated
 * so far.
 */
public final class PolyLmSpringAiChatModel implements ChatModel {
  static final String PROVIDER = "polylm";

  private static final ChatModelObservationConvention CONVENTION =
      new DefaultChatModelObservationConvention();

  private final Supplier<PolyLm> polyLm;
  private final PolyLmChatOptions options;
  private final GenerationConfig generationConfig;
  private final Supplier<Map<String, Adapter>> adapters;
  private final ToolCallingManager toolCallingManager;
  private final ObservationRegistry observationRegistry;
  private final ChatModelObservationConvention observationConvention;

  private PolyLmSpringAiChatModel(Builder builder) {
    this.polyLm = requireNonNull(builder.polyLm, "polyLm must be set");
    this.options = builder.options;
    this.generationConfig = builder.generationConfig;
    this.adapters = builder.adapters;
    this.toolCallingManager = builder.toolCallingManager;
    this.observationRegistry = builder.observationRegistry;
    this.observationConvention = builder.observationConvention;
  }

  /** Returns a new builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the options of a prompt that has none. */
  @Override
  public PolyLmChatOptions getOptions() {
    return options;
  }

  /**
   * Answers a prompt.
   *
   * @throws PolyLmException if the prompt asks for what PolyLM can't do or is too long, options are
   *     out of range or contradict each other, or the model is closed
   * @throws QueueFullException if too many requests wait already
   * @throws dev.polylm.constraint.UnfinishedAnswerException if the options have an output schema
   *     and the answer is cut before its JSON is complete, or {@link PolyLm#closeNow} ends the call
   */
  @Override
  public ChatResponse call(Prompt prompt) {
    PolyLm model = polyLm.get();
    Prompt complete = complete(prompt);
    CheckedPrompt checked = checked(complete, model);
    ChatModelObservationContext context = context(complete, checked, false);
    return requireNonNull(
        observation(context)
            .observe(
                () -> {
                  GenerationResult result = CutAnswers.checked(model.generate(checked.request()));
                  ChatResponse response = response(checked, result);
                  context.setResponse(response);
                  return response;
                }));
  }

  /**
   * Streams the answer to a prompt. A piece consists of whole characters, as a reader sees them.
   * With beams the text is one piece, since it is known only at the end. The last response has no
   * text, but the usage, the reason of the end and the calls of tools. Cancelling the subscription
   * ends the generation.
   *
   * <p>Each subscriber has its own generation, and gets the exceptions of {@link #call}.
   */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.deferContextual(
        reactorContext -> {
          PolyLm model = polyLm.get();
          Prompt complete = complete(prompt);
          CheckedPrompt checked = checked(complete, model);
          ChatModelObservationContext context = context(complete, checked, true);
          Observation observation = observation(context);
          observation.parentObservation(
              reactorContext.getOrDefault(ObservationThreadLocalAccessor.KEY, null));
          observation.start();
          Flux<ChatResponse> responses =
              Flux.create(sink -> StreamedAnswer.start(model, checked, sink));
          return new MessageAggregator()
              .aggregate(responses, context::setResponse)
              .doOnError(observation::error)
              .doOnTerminate(observation::stop)
              .doOnCancel(observation::stop)
              .contextWrite(inner -> inner.put(ObservationThreadLocalAccessor.KEY, observation));
        });
  }

  private CheckedPrompt checked(Prompt complete, PolyLm model) {
    return CheckedPrompt.of(complete, model, generationConfig, toolCallingManager, adapters);
  }

  private static ChatResponse response(CheckedPrompt checked, GenerationResult result) {
    ToolUse tools = checked.tools();
    ToolAnswer parts = tools == null ? null : ToolAnswer.of(tools, result.text());
    if (parts == null || parts.calls().isEmpty()) {
      checked.form().checkWhole(parts == null ? result.text() : parts.text(), result);
    }
    return Responses.whole(result, parts, checked.model());
  }

  /** Returns the prompt with options. */
  private Prompt complete(Prompt prompt) {
    return prompt.getOptions() == null ? prompt.mutate().chatOptions(options).build() : prompt;
  }

  private static ChatModelObservationContext context(
      Prompt prompt, CheckedPrompt checked, boolean streaming) {
    return ChatModelObservationContext.builder()
        .prompt(
            prompt
                .mutate()
                .chatOptions(
                    requireNonNull(prompt.getOptions()).mutate().model(checked.model()).build())
                .build())
        .provider(PROVIDER)
        .streaming(streaming)
        .build();
  }

  private Observation observation(ChatModelObservationContext context) {
    return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(
        observationConvention, CONVENTION, () -> context, observationRegistry);
  }

  /** Collects the parts of the model. Not thread-safe. */
  public static final class Builder {
    private @Nullable Supplier<PolyLm> polyLm;
    private PolyLmChatOptions options = PolyLmChatOptions.builder().build();
    private GenerationConfig generationConfig = GenerationConfig.builder().build();
    private Supplier<Map<String, Adapter>> adapters = Map::of;
    private ToolCallingManager toolCallingManager = ToolCallingManager.builder().build();
    private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;
    private ChatModelObservationConvention observationConvention = CONVENTION;

    private Builder() {}

    /** Sets the model, which may have other users. */
    public Builder polyLm(PolyLm polyLm) {
      requireNonNull(polyLm, "polyLm must not be null");
      return polyLm(() -> polyLm);
    }

    /** Sets what gives the model. Each call asks it. */
    public Builder polyLm(Supplier<PolyLm> polyLm) {
      this.polyLm = polyLm;
      return this;
    }

    /** Sets the options of a prompt that has none. */
    public Builder options(PolyLmChatOptions options) {
      this.options = options;
      return this;
    }

    /** Sets the settings for what the options leave open. */
    public Builder generationConfig(GenerationConfig generationConfig) {
      this.generationConfig = generationConfig;
      return this;
    }

    /** Sets adapters by name: options whose model is {@code model:name} choose one. */
    public Builder adapters(Map<String, Adapter> adapters) {
      Map<String, Adapter> copy = Map.copyOf(adapters);
      return adapters(() -> copy);
    }

    /** Sets what gives adapters by name. A call whose options name another model asks it. */
    public Builder adapters(Supplier<Map<String, Adapter>> adapters) {
      this.adapters = requireNonNull(adapters, "adapters must not be null");
      return this;
    }

    /** Sets what says which tools a prompt offers: by default those of its options. */
    public Builder toolCallingManager(ToolCallingManager toolCallingManager) {
      this.toolCallingManager = toolCallingManager;
      return this;
    }

    /** Sets where calls are observed; nowhere by default. */
    public Builder observationRegistry(ObservationRegistry observationRegistry) {
      this.observationRegistry = observationRegistry;
      return this;
    }

    /** Sets how observations are named; Spring AI's convention by default. */
    public Builder observationConvention(ChatModelObservationConvention observationConvention) {
      this.observationConvention = observationConvention;
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws NullPointerException if no PolyLm is set
     */
    public PolyLmSpringAiChatModel build() {
      return new PolyLmSpringAiChatModel(this);
    }
  }
}
