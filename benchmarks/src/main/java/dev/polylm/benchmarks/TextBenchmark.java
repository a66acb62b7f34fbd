package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.tokenizer.StreamingDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures text to ids, ids to text, and a whole greedy step on polylm-tiny: the time for one text
 * and for one new id.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TextBenchmark {
  static final int NEW_TOKENS = 128;
  static final int COPIES = 100;
  static final String TEXT = "Beijing is the capital of China. 北京是中国的首都。";

  private final PolyLm polyLm = PolyLm.openEmbedded();
  private int[] ids = {};
  private GenerationRequest request = GenerationRequest.ofIds();

  @Setup
  public void prepare() {
    ids = polyLm.tokenizer().encode(TEXT.repeat(COPIES));
    // The model never chooses this end, so all answers have the same length.
    GenerationConfig config =
        GenerationConfig.builder().maxNewTokens(NEW_TOKENS).eosTokenId(List.of(8191)).build();
    request = GenerationRequest.ofIds(5581, 321, 454, 290, 414, 2400, 6011, 13).withConfig(config);
  }

  @TearDown
  public void close() {
    polyLm.close();
  }

  /** Decodes the ids of {@link #COPIES} copies of the text, one by one. */
  @Benchmark
  @OperationsPerInvocation(COPIES)
  public String decodeText() {
    StreamingDecoder decoder = polyLm.tokenizer().streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.accept(id));
    }
    return text.append(decoder.finish()).toString();
  }

  @Benchmark
  @OperationsPerInvocation(COPIES)
  public int[] encodeText() {
    return polyLm.tokenizer().encode(TEXT.repeat(COPIES));
  }

  @Benchmark
  @OperationsPerInvocation(NEW_TOKENS)
  public int[] greedyStep() {
    return polyLm.generate(request).sequences().get(0).ids();
  }
}
