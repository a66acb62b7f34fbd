package dev.polylm.benchmarks;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ArgMax;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.TopLogProbabilities;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.internal.search.ConfiguredProcessors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a step from logits to an id for a vocabulary of 256,000 on one thread. Each call copies
 * fresh logits, 1 MB; {@link #copyOnly} measures the cost of that copy.
 *
 * <p>The logits are normally distributed with the given spread. A model that knows nothing has a
 * spread of 1. A model that is moderately sure, as PolyLM is on running text, has a spread of 3.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SamplingBenchmark {
  private static final int VOCAB_SIZE = 256_000;

  @Param({"3"})
  float spread;

  private final float[] original = new float[VOCAB_SIZE];
  private final float[] logits = new float[VOCAB_SIZE];
  private final Workspace workspace = new Workspace();
  private final SeededRandom random = new SeededRandom(1);
  private final TokenBuffer row = TokenBuffer.ofPrompt(1, 5, 9, 17);
  private ProcessorChain top = chain("{}");
  private ProcessorChain nucleus = top;
  private ProcessorChain typical = top;
  private ProcessorChain penalties = top;
  private ProcessorChain minP = top;
  private ProcessorChain sequences = top;

  @Setup
  public void fill() {
    Random source = new Random(3);
    for (int id = 0; id < VOCAB_SIZE; id++) {
      original[id] = (float) source.nextGaussian() * spread;
    }
    for (int i = 0; i < 1000; i++) {
      row.append(source.nextInt(VOCAB_SIZE));
    }
    top = chain("{\"do_sample\":true,\"temperature\":0.7,\"top_k\":50,\"top_p\":0.9}");
    nucleus = chain("{\"do_sample\":true,\"temperature\":0.7,\"top_k\":0,\"top_p\":0.9}");
    typical = chain("{\"do_sample\":true,\"top_k\":0,\"typical_p\":0.9}");
    minP = chain("{\"do_sample\":true,\"top_k\":0,\"min_p\":0.05}");
    penalties =
        chain("{\"repetition_penalty\":1.1,\"frequency_penalty\":0.5,\"no_repeat_ngram_size\":3}");
    sequences = sequences(source);
  }

  /** 30,000 biases and 60,000 ruled out words, of three ids each. */
  private static ProcessorChain sequences(Random source) {
    Map<List<Integer>, Double> biases = new HashMap<>();
    List<List<Integer>> words = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      biases.put(sequence(source), 1.0);
      words.add(sequence(source));
      words.add(sequence(source));
    }
    return ProcessorChain.builder().sequenceBias(biases).badWords(words, List.of(2)).build();
  }

  private static List<Integer> sequence(Random source) {
    return List.of(
        source.nextInt(VOCAB_SIZE), source.nextInt(VOCAB_SIZE), source.nextInt(VOCAB_SIZE));
  }

  private static ProcessorChain chain(String json) {
    GenerationConfig config =
        GenerationConfig.fromJson(json).over(GenerationConfig.builder().build());
    return ConfiguredProcessors.of(config, 2048, VOCAB_SIZE).build();
  }

  private float[] fresh() {
    System.arraycopy(original, 0, logits, 0, VOCAB_SIZE);
    return logits;
  }

  private int draw(ProcessorChain chain) {
    float[] step = fresh();
    chain.process(row, step, workspace);
    return Multinomial.sample(step, random, workspace);
  }

  @Benchmark
  public float[] copyOnly() {
    return fresh();
  }

  @Benchmark
  public int greedy() {
    return ArgMax.of(fresh());
  }

  @Benchmark
  public int temperatureTopK50TopP09() {
    return draw(top);
  }

  @Benchmark
  public int temperatureTopP09() {
    return draw(nucleus);
  }

  @Benchmark
  public int typicalP09() {
    return draw(typical);
  }

  @Benchmark
  public int minP005() {
    return draw(minP);
  }

  @Benchmark
  public int penaltiesGreedy() {
    float[] step = fresh();
    penalties.process(row, step, workspace);
    return ArgMax.of(step);
  }

  @Benchmark
  public int sequencesGreedy() {
    float[] step = fresh();
    sequences.process(row, step, workspace);
    return ArgMax.of(step);
  }

  @Benchmark
  public Object topLogProbabilities() {
    return TopLogProbabilities.of(fresh(), 20);
  }

  @Benchmark
  public float[] logSoftmax() {
    float[] step = fresh();
    LogSoftmax.inPlace(step);
    return step;
  }
}
