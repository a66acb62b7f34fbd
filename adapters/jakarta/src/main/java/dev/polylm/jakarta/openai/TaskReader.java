package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.config.ServerSettings;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads requests. It finds every error in a request before anything is generated. A field that
 * neither OpenAI's API nor PolyLM has is ignored, as clients expect.
 */
@ApplicationScoped
public class TaskReader {
  private static final int MAX_LOGPROBS = 20;
  private static final int LEAST_PRIORITY = -100;

  @Inject private PolyLmSettings settings;
  @Inject private Models models;

  /**
   * Reads a request for a reply to a conversation.
   *
   * @throws ApiException if it is wrong
   */
  public Task chat(ObjectNode body) {
    return chat(new Fields(body), TaskForm.CHAT);
  }

  /**
   * Reads a request for a reply in the form of the Responses API.
   *
   * @throws ApiException if it is wrong
   */
  public Task response(ObjectNode body) {
    return chat(ResponseRequest.asChat(body), TaskForm.RESPONSE);
  }

  private Task chat(Fields request, TaskForm form) {
    ServedModel model = ModelNames.find(models, request.text("model"));
    PolyLm polyLm = ModelNames.open(model);
    Unsupported.check(request);
    MaxTokens maxTokens = MaxTokens.ofChat(request, limits(), model.defaults().maxNewTokens());
    ChoiceCounts choices = ChoiceCounts.read(request, limits(), false);
    OptionalInt logprobs = chatLogprobs(request);
    AnswerForm answer = AnswerForm.ofChat(request);
    List<Task.SentPrompt> prompts;
    try {
      Prompt prompt = prompt(polyLm.promptForm(), request, answer);
      checkFits(prompt, polyLm, request.path("messages"));
      int[] ids = PromptEncoder.encode(prompt, polyLm.tokenizer());
      prompts = List.of(new Task.SentPrompt("", ids));
    } catch (PolyLmException e) {
      throw ApiException.badRequest(request.path("messages"), SettingsFields.sentence(e));
    }
    return task(form, request, model, polyLm, prompts, answer, maxTokens, choices, logprobs);
  }

  /** Returns the prompt, after which the answer has its form from the first character on. */
  private static Prompt prompt(PromptForm form, Fields request, AnswerForm answer) {
    Prompt prompt = form.chat(ChatMessages.read(request, answer.tools()));
    return answer.constraint() == null ? prompt : form.beginReply(prompt);
  }

  private static void checkFits(Prompt prompt, PolyLm polyLm, String field) {
    try {
      polyLm.tokenizer().checkFits(prompt.parts(), contextLength(polyLm));
    } catch (PolyLmException e) {
      throw ApiException.tooLong(field, SettingsFields.sentence(e));
    }
  }

  /**
   * Reads a request for a continuation of prompts.
   *
   * @throws ApiException if it is wrong
   */
  public Task completion(ObjectNode body) {
    Fields request = new Fields(body);
    ServedModel model = ModelNames.find(models, request.text("model"));
    PolyLm polyLm = ModelNames.open(model);
    Unsupported.checkCompletion(request);
    MaxTokens maxTokens =
        MaxTokens.ofCompletion(request, limits(), model.defaults().maxNewTokens());
    if (maxTokens.tokens() == 0 && !request.flag("echo")) {
      throw ApiException.badRequest("max_tokens", "max_tokens is 0, which needs echo to be true.");
    }
    ChoiceCounts choices = ChoiceCounts.read(request, limits(), true);
    OptionalInt logprobs = request.integer("logprobs", 0, MAX_LOGPROBS);
    AnswerForm answer = AnswerForm.ofCompletion(request);
    List<Task.SentPrompt> prompts =
        CompletionPrompts.read(
            request, "prompt", polyLm.tokenizer(), contextLength(polyLm), limits().maxPrompts());
    return task(
        TaskForm.COMPLETION, request, model, polyLm, prompts, answer, maxTokens, choices, logprobs);
  }

  private static int contextLength(PolyLm polyLm) {
    return polyLm.manifest().model().contextLength();
  }

  private ServerSettings limits() {
    return settings.server();
  }

  private static OptionalInt chatLogprobs(Fields request) {
    OptionalInt top = request.integer("top_logprobs", 0, MAX_LOGPROBS);
    if (request.flag("logprobs")) {
      return OptionalInt.of(top.orElse(0));
    }
    if (top.isPresent() && top.getAsInt() > 0) {
      throw ApiException.badRequest(
          "top_logprobs", "top_logprobs is set, which needs logprobs to be true.");
    }
    return OptionalInt.empty();
  }

  private Task task(
      TaskForm form,
      Fields request,
      ServedModel model,
      PolyLm polyLm,
      List<Task.SentPrompt> prompts,
      AnswerForm answer,
      MaxTokens most,
      ChoiceCounts choices,
      OptionalInt logprobs) {
    int maxTokens = most.tokens();
    String field = request.path(form == TaskForm.COMPLETION ? "prompt" : "messages");
    PromptLimits.check(field, prompts, polyLm, limits(), maxTokens);
    GenerationConfig modelDefaults = model.defaults().over(polyLm.generationDefaults());
    GenerationConfig asked =
        SettingsFields.read(request, limits(), modelDefaults, Math.max(1, maxTokens), choices);
    GenerationConfig effective = effective(asked, modelDefaults);
    StreamFields stream = StreamFields.read(request);
    ChoiceRules.check(choices, effective, stream.stream());
    prompts.forEach(prompt -> PromptLimits.check(effective, prompt, polyLm));
    return new Task(
        form,
        model,
        polyLm,
        prompts,
        answer,
        maxTokens,
        asked.orElse(model.defaults()),
        effective.seed(),
        choices.n(),
        choices.candidates(),
        effective.numBeams() > 1,
        request.integer("priority", LEAST_PRIORITY, limits().maxPriority()).orElse(0),
        logprobs,
        request.flag("echo"),
        stream.stream(),
        stream.includeUsage(),
        most.warning());
  }

  private static GenerationConfig effective(GenerationConfig asked, GenerationConfig defaults) {
    try {
      return asked.over(defaults);
    } catch (PolyLmException e) {
      throw ApiException.badRequest(null, SettingsFields.sentence(e));
    }
  }

  /**
   * The fields that ask for an answer in pieces.
   *
   * @param includeUsage whether the last piece holds the token counts
   */
  private record StreamFields(boolean stream, boolean includeUsage) {

    static StreamFields read(Fields request) {
      boolean stream = request.flag("stream");
      Optional<Fields> options = request.object("stream_options");
      if (options.isPresent() && !stream) {
        throw ApiException.badRequest(
            "stream_options", "stream_options is set, which needs stream to be true.");
      }
      return new StreamFields(stream, options.isPresent() && options.get().flag("include_usage"));
    }
  }
}
