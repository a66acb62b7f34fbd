package dev.polylm.generation;

/**
 * The counts of guessed ids: those of prompt lookup, of a draft model, and the text that a
 * constraint leaves no choice about.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.builder().promptLookupNumTokens(8).build();
 * GenerationRequest request = GenerationRequest.ofPrompt("one two one two").withConfig(config);
 * DraftCounts drafts = polyLm.generate(request).draftCounts();
 * System.out.println(drafts.accepted() + " of " + drafts.drafted() + " guesses were right");
 * }</pre>
 *
 * @param drafted how many ids were guessed and read
 * @param accepted how many of these were the ids that the model would have chosen
 */
public record DraftCounts(int drafted, int accepted) {
  public static final DraftCounts NONE = new DraftCounts(0, 0);
}
