package dev.polylm.assistant;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Locale;

/**
 * Embeds texts by the characters that they have in common. Each sequence of one to three characters
 * counts in the dimension that its hash gives (the hashing trick of Weinberger et al.,
 * arXiv:0902.2206). The vector is scaled to length 1. It needs no training and no download, and it
 * works for all scripts. It does not know what words mean.
 *
 * <p>Thread-safe.
 */
final class NgramEmbeddingModel implements EmbeddingModel {
  private static final int DIMENSION = 4096;
  private static final int LONGEST = 3;

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> textSegments) {
    return Response.from(
        textSegments.stream().map(segment -> Embedding.from(vector(segment.text()))).toList());
  }

  private static float[] vector(String text) {
    int[] characters = text.toLowerCase(Locale.ROOT).codePoints().toArray();
    float[] vector = new float[DIMENSION];
    for (int begin = 0; begin < characters.length; begin++) {
      int hash = 0;
      for (int i = begin; i < Math.min(begin + LONGEST, characters.length); i++) {
        hash = 31 * hash + characters[i] * 0x9E3779B1; // spreads code points that are neighbours
        vector[Math.floorMod(hash ^ hash >>> 16, DIMENSION)]++;
      }
    }
    double length = 0;
    for (float count : vector) {
      length += count * count;
    }
    for (int i = 0; i < DIMENSION && length > 0; i++) {
      vector[i] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String modelName() {
    return "character-n-grams";
  }
}
