package dev.polylm;

import static java.util.Objects.requireNonNull;

import dev.polylm.chat.ChatSession;
import dev.polylm.constraint.AnswerType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.chat.ChatModel;
import dev.polylm.internal.chat.ModelChatSession;
import dev.polylm.internal.chat.ReplyText;
import dev.polylm.internal.chat.RoleMarkers;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.embedding.Embedder;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.internal.scoring.Scorer;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import dev.polylm.scoring.Choice;
import dev.polylm.scoring.Score;
import dev.polylm.scoring.TextScorer;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An open PolyLM model.
 *
 * <pre>{@code
 * try (PolyLm polyLm = PolyLm.open(Path.of("polylm-1.7b-onnx"))) {
 *   System.out.println(polyLm.generate("The capital of France is"));
 *   try (GenerationStream pieces = polyLm.stream("Once upon a time")) {
 *     pieces.forEach(System.out::print);
 *   }
 * }
 * }</pre>
 *
 * <p>An answer has at most {@link GenerationConfig#DEFAULT_MAX_NEW_TOKENS} tokens unless the
 * request or the model's generation_config.json sets another limit. {@link
 * dev.polylm.generation.GeneratedSequence#finishReason} says why an answer ended.
 *
 * <p>Thread-safe: many threads may call at once, and the model runs their requests together. It
 * holds native memory until it is closed. {@link #close} waits for the calls in flight; a later
 * call throws a {@link PolyLmException}. A null argument throws a {@link NullPointerException} that
 * names it.
 */
public final class PolyLm implements TextScorer, AutoCloseable {
  private final Lifecycle lifecycle = new Lifecycle();
  private final Model model;
  private final @Nullable String caller; // of requests that name none
  final @Nullable LoadedAdapter adapter; // of requests that name none
  private final OwnTasks tasks;
  private final Generator generator;
  private final Scorer scorer;
  private final Embedder embedder;
  private final Queries queries = new Queries(this::generate);

  private PolyLm(Model model, @Nullable String caller, @Nullable LoadedAdapter adapter) {
    this.model = model;
    this.caller = caller;
    this.adapter = adapter;
    this.tasks = new OwnTasks(model.engine, caller, adapter);
    this.generator = model.generator(tasks, lifecycle);
    this.scorer = model.scorer(tasks);
    this.embedder = model.embedder(tasks);
  }

  /**
   * Opens a folder that {@code polylm export} wrote.
   *
   * @throws PolyLmException if the folder is not an exported model, or a file in it is broken
   */
  public static PolyLm open(Path directory) {
    return open(directory, PolyLmOptions.defaults());
  }

  /** Opens a folder with options; see {@link #open(Path)}. */
  public static PolyLm open(Path directory, PolyLmOptions options) {
    requireNonNull(directory, "directory must not be null");
    requireNonNull(options, "options must not be null");
    return new PolyLm(Model.open(() -> ModelDirectory.open(directory), options), null, null);
  }

  /**
   * Opens the model on the class path or the module path, such as the one in the artifact
   * polylm-tiny.
   *
   * @throws PolyLmException if there is no model, or more than one
   */
  public static PolyLm openEmbedded() {
    return openEmbedded(PolyLmOptions.defaults());
  }

  /** Opens the embedded model with options; see {@link #openEmbedded()}. */
  public static PolyLm openEmbedded(PolyLmOptions options) {
    requireNonNull(options, "options must not be null");
    return new PolyLm(Model.open(ModelDirectory::openEmbedded, options), null, null);
  }

  /**
   * Returns another handle of the same model, with the same engine and weights. Close every handle:
   * the last close frees the model.
   *
   * @throws PolyLmException if this handle is closed
   */
  public PolyLm share() {
    return new PolyLm(lifecycle.call(model::retained), caller, adapter);
  }

  /**
   * Returns another handle, whose calls count as those of a caller, such as a user of a service.
   * See {@link GenerationRequest#withCaller}; a request that names another caller is that one's.
   */
  public PolyLm share(String newCaller) {
    requireNonNull(newCaller, "caller must not be null");
    return new PolyLm(lifecycle.call(model::retained), newCaller, adapter);
  }

  /**
   * Loads an adapter that {@code polylm adapter} wrote, for all handles of the model.
   *
   * @throws PolyLmException if the file is no adapter's, is damaged or does not fit the model, the
   *     loaded adapters would take more than {@link PolyLmOptions#adapterBytes}, the model takes no
   *     adapters, or it is closed
   */
  public Adapter loadAdapter(Path file) {
    requireNonNull(file, "file must not be null");
    return lifecycle.call(() -> model.load(file));
  }

  /**
   * Returns another handle, as {@link #share} does, that generates, chats, scores and embeds with
   * an adapter. A request that names another keeps it. Closing the handle leaves the adapter open.
   *
   * @throws PolyLmException if another model loaded the adapter, it is closed, or this handle is
   */
  public PolyLm withAdapter(Adapter newAdapter) {
    requireNonNull(newAdapter, "newAdapter must not be null");
    LoadedAdapter checked = lifecycle.call(() -> model.checked(newAdapter));
    return new PolyLm(lifecycle.call(model::retained), caller, checked);
  }

  /** Returns the facts that the exporter recorded about the model. */
  public Manifest manifest() {
    return model.directory.manifest();
  }

  /** Returns where the model runs. */
  public Placement placement() {
    return model.decoder.placement();
  }

  /** Returns the engine's load after its last step, for all handles of the model together. */
  public EngineState engineState() {
    return model.engine.state();
  }

  /** Returns the settings of generation_config.json, which apply if a request sets none. */
  public GenerationConfig generationDefaults() {
    return model.defaults;
  }

  /**
   * Returns the model's tokenizer. Closing the model closes it.
   *
   * @throws PolyLmException if the model takes ids only
   */
  public Tokenizer tokenizer() {
    return model.requireTokenizer();
  }

  /** Returns the prompt form that the model was trained on. */
  public PromptForm promptForm() {
    return PromptForm.of(manifest().promptForm());
  }

  /**
   * Continues a text with the model's settings. An interrupted thread gets the text so far, and its
   * interrupt flag stays set.
   *
   * @param prompt the text; special tokens in it, such as {@code </s>}, are plain text
   * @throws PolyLmException if the prompt is empty or too long, or the model is closed
   * @throws dev.polylm.constraint.UnfinishedAnswerException if {@link #closeNow} ends the call
   */
  public String generate(String prompt) {
    return queries.text(GenerationRequest.ofPrompt(prompt));
  }

  /** Continues a text with settings over the model's; see {@link #generate(String)}. */
  public String generate(String prompt, GenerationConfig config) {
    return queries.text(GenerationRequest.ofPrompt(prompt).withConfig(config));
  }

  /** Replies to a conversation; see {@link #generate(List, GenerationConfig)}. */
  public String generate(List<ChatMessage> messages) {
    return generate(messages, GenerationConfig.builder().build());
  }

  /**
   * Replies to a conversation. The prompt has the form that the model was trained on. The reply
   * ends if the model begins to write a role marker of that form. For a conversation turn by turn,
   * use {@link #chat()}.
   *
   * @param messages the conversation; the last message is the user's
   * @param config the settings; the model's settings apply to the rest
   * @return the reply, without the line break that a base model writes before it
   * @throws PolyLmException as {@link #generate(String)}; also if the messages are not in the order
   *     that {@link PromptForm#chat} requires
   */
  public String generate(List<ChatMessage> messages, GenerationConfig config) {
    Prompt prompt = promptForm().chat(messages);
    GenerationConfig ended = RoleMarkers.asStops(config, generationDefaults(), prompt);
    String text = queries.text(GenerationRequest.ofPrompt(prompt).withConfig(ended));
    return new ReplyText(promptForm()).accept(text);
  }

  /**
   * Answers a request. The model runs it together with the requests of other threads.
   *
   * @throws PolyLmException if the prompt is empty, too long or has ids out of range, the settings
   *     contradict one another, the request can never fit the engine's memory, or the model is
   *     closed
   * @throws QueueFullException if too many requests are waiting
   */
  public GenerationResult generate(GenerationRequest request) {
    requireNonNull(request, "request must not be null");
    return lifecycle.call(() -> generator.generate(request));
  }

  /** Answers a prompt with an object; see {@link #query(GenerationRequest, AnswerType)}. */
  public <T> T query(String prompt, Class<T> type) {
    return query(GenerationRequest.ofPrompt(prompt), AnswerType.of(type));
  }

  /** Replies with an object; see {@link #query(GenerationRequest, AnswerType)}. */
  public <T> T query(List<ChatMessage> messages, Class<T> type) {
    return query(GenerationRequest.ofPrompt(replyTo(messages)), AnswerType.of(type));
  }

  /**
   * Answers a request with an object. The schema of its type is the constraint on the answer.
   *
   * @throws dev.polylm.constraint.UnfinishedAnswerException if a limit, a stop string or a cancel
   *     ended the answer before it was complete
   * @throws PolyLmException as {@link #generate(GenerationRequest)}; also if the request has a
   *     constraint
   */
  public <T> T query(GenerationRequest request, AnswerType<T> type) {
    return queries.query(request, type);
  }

  private Prompt replyTo(List<ChatMessage> messages) {
    return promptForm().beginReply(promptForm().chat(messages));
  }

  /**
   * Answers requests together and waits for all of them. If the engine's queue is full, the method
   * submits the remaining requests as soon as there is room. If the calling thread is interrupted,
   * each request ends with the text that it has so far, and the interrupt flag stays set.
   *
   * <p>If a request is refused or fails, the method cancels the others and throws its exception. If
   * several fail, it throws the exception of the first in the list.
   *
   * @return the results in the order of the requests
   * @throws PolyLmException as {@link #generate(GenerationRequest)}; also if a request has a text
   *     listener
   * @throws QueueFullException if the requests of other callers fill the queue
   */
  public List<GenerationResult> generateAll(List<GenerationRequest> requests) {
    requireNonNull(requests, "requests must not be null");
    return lifecycle.call(() -> generator.generateAll(requests));
  }

  /**
   * Starts a request and returns at once. The caller can cancel it at any time. The method checks
   * the request and encodes its prompt before it returns. If the request is wrong or the model
   * fails, {@link GenerationHandle#result} throws the exception.
   *
   * <p>A thread of PolyLM calls the text listener, one piece at a time. The handle has its result
   * after the listener received the last piece. {@link #close} waits for the requests that were
   * started before it.
   */
  public GenerationHandle start(GenerationRequest request) {
    requireNonNull(request, "request must not be null");
    return generator.start(request);
  }

  /** Streams the text that follows a prompt; see {@link #stream(GenerationRequest)}. */
  public GenerationStream stream(String prompt) {
    return stream(GenerationRequest.ofPrompt(prompt));
  }

  /** Streams the text that follows a prompt; see {@link #stream(GenerationRequest)}. */
  public GenerationStream stream(String prompt, GenerationConfig config) {
    return stream(GenerationRequest.ofPrompt(prompt).withConfig(config));
  }

  /**
   * Streams the text of an answer, piece by piece, while the model generates it. To cancel it,
   * close the stream or interrupt the thread that waits for a piece. {@link
   * GenerationStream#result} gives the result. If the request is wrong or the model fails, reading
   * the stream throws the exception.
   *
   * @throws PolyLmException if the request has a text listener
   */
  public GenerationStream stream(GenerationRequest request) {
    requireNonNull(request, "request must not be null");
    return generator.stream(request);
  }

  /**
   * Publishes the text of answers, piece by piece, as each subscriber requests it. The model does
   * not wait for a slow subscriber. Each subscriber has its own generation, which begins with the
   * subscription and ends if that is cancelled. A thread of PolyLM sends the signals.
   *
   * @throws PolyLmException if the request has a text listener
   */
  public Flow.Publisher<String> publisher(GenerationRequest request) {
    requireNonNull(request, "request must not be null");
    return generator.publisher(request);
  }

  /**
   * Begins a conversation.
   *
   * @throws PolyLmException if the model takes ids only or is closed
   */
  public ChatSession chat() {
    return lifecycle.call(() -> ModelChatSession.begin(chatModel(), null));
  }

  /**
   * Begins a conversation with instructions that apply to all of it.
   *
   * @throws PolyLmException if the text is empty, or the model takes ids only or is closed
   */
  public ChatSession chat(String system) {
    requireNonNull(system, "system must not be null");
    return lifecycle.call(() -> ModelChatSession.begin(chatModel(), system));
  }

  /**
   * Continues a conversation that {@link ChatSession#save} saved.
   *
   * @throws PolyLmException if the file can't be read, is damaged, has another version, or was
   *     saved with a model that has another tokenizer or prompt form; also if the model is closed
   */
  public ChatSession loadChat(Path file) {
    requireNonNull(file, "file must not be null");
    return lifecycle.call(() -> ModelChatSession.load(chatModel(), file));
  }

  /**
   * Reads the beginning of prompts, and writes its keys and values to a file for {@link
   * PolyLmOptions.Builder#prefixFiles}.
   *
   * @param beginning whose prompt it is, at least 16 ids; its settings don't count
   * @throws PolyLmException as {@link #generate(GenerationRequest)}; also if the prompt is shorter,
   *     it has an adapter, prefixes are not kept, or the file can't be written
   */
  public void savePrefix(GenerationRequest beginning, Path file) {
    requireNonNull(beginning, "beginning must not be null");
    requireNonNull(file, "file must not be null");
    Model.checkNone(adapter != null || beginning.adapter() != null);
    var unused =
        lifecycle.call(
            () -> model.savePrefix(generator.promptIds(beginning), file, tasks, lifecycle));
  }

  private ChatModel chatModel() {
    return model.chatModel(tokenizer(), generator, lifecycle, adapter != null);
  }

  @Override
  public Score score(String context, String continuation, int topLogprobs) {
    return lifecycle.call(() -> scorer.score(context, continuation, topLogprobs));
  }

  @Override
  public List<Score> score(String context, List<String> continuations) {
    return lifecycle.call(() -> scorer.score(context, continuations, 0));
  }

  @Override
  public Score score(int[] contextIds, int[] continuationIds, int topLogprobs) {
    return lifecycle.call(() -> scorer.score(contextIds, continuationIds, topLogprobs));
  }

  @Override
  public List<Score> score(int[] contextIds, List<int[]> continuations) {
    return lifecycle.call(() -> scorer.score(contextIds, continuations));
  }

  /** Returns which of several texts is most likely the reply; see {@link #choose(String, List)}. */
  public Choice choose(List<ChatMessage> messages, List<String> options) {
    int[] ids = PromptEncoder.encode(replyTo(messages), tokenizer());
    return lifecycle.call(() -> new Choice(options, scorer.scoreAfter(ids, options)));
  }

  @Override
  public double perplexity(String text) {
    return lifecycle.call(() -> scorer.perplexity(text));
  }

  @Override
  public double perplexity(int[] ids) {
    return lifecycle.call(() -> scorer.perplexity(ids));
  }

  @Override
  public double perplexity(String text, int stride) {
    return lifecycle.call(() -> scorer.perplexity(text, stride));
  }

  @Override
  public double perplexity(int[] ids, int stride) {
    return lifecycle.call(() -> scorer.perplexity(ids, stride));
  }

  /** Returns the embedding of a text; see {@link #embed(List)}. */
  public float[] embed(String text) {
    requireNonNull(text, "text must not be null");
    return embed(List.of(text)).get(0);
  }

  /** Returns the embedding of ids, without adding any; see {@link #embed(List)}. */
  public float[] embed(int[] ids) {
    requireNonNull(ids, "ids must not be null");
    return lifecycle.call(() -> embedder().embedIds(List.of(ids)).get(0));
  }

  private Embedder embedder() {
    model.decoder.checkHiddenStates();
    return embedder;
  }

  /**
   * Returns a vector for each text. Texts of similar meaning have similar vectors. A vector is the
   * mean of the model's last hidden states, after its last layer norm, over all ids of a text. It
   * is scaled to length 1, so the dot product of two vectors is their cosine.
   *
   * @param texts the texts; special tokens in them are plain text
   * @throws PolyLmException if a text is empty or longer than the model's context, the model's
   *     graph gives no hidden states, or the model takes ids only or is closed
   * @throws QueueFullException if too many requests are waiting
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, or {@link
   *     #closeNow} ends the call
   */
  public List<float[]> embed(List<String> texts) {
    return lifecycle.call(() -> embedder().embed(texts));
  }

  /** Returns the length of each embedding, or throws as {@link #embed(List)} does. */
  public int embeddingSize() {
    model.decoder.checkHiddenStates();
    return manifest().model().hiddenSize();
  }

  /**
   * Refuses further calls, waits for the calls in flight, and frees the model unless other handles
   * share it. Further calls of this method have no effect.
   *
   * @throws PolyLmException if a listener or a logits processor calls this method
   */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Closes the model as {@link #close()} does, but ends this handle's calls in flight at once.
   * Results have the text so far and {@link dev.polylm.generation.FinishReason#CANCELLED}. Methods
   * that return a text or an object throw, as streams and publishers do after the last piece.
   */
  public void closeNow() {
    close(true);
  }

  private void close(boolean cancel) {
    model.engine.checkThread();
    boolean first = lifecycle.refuse();
    if (cancel) {
      tasks.end();
    }
    lifecycle.awaitCalls();
    if (first) {
      model.release();
    }
  }
}
