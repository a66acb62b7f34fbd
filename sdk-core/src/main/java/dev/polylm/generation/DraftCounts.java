package dev.polylm.generation;

/**
 * What prompt lookup did.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.builder().promptLookupNumTokens(8).build();
 * GenerationRequest request = GenerationRequest.ofPrompt("one two one two").withConfig(config);
 * DraftCounts drafts = polyLm.generate(request).draftCounts();
 * System.out.println(drafts.accepted() + " of " + drafts.drafted() + " guesses were right");
 * }</pre>
 *
 * @param drafted ids that were guessed and read
 * @param accepted those of them that were what the model would have given
 */
public record DraftCounts(int drafted, int accepted) {
  public static final DraftCounts NONE = new DraftCounts(0, 0);
}
