package dev.polylm.jakarta.openai;

/** Receives answers while they are made. Several choices may come from several threads. */
interface PieceListener {
  PieceListener NONE =
      new PieceListener() {
        @Override
        public void piece(int index, String text) {}

        @Override
        public void finished(Choice choice) {}
      };

  /** Takes more text of a choice. An exception from it ends all generations. */
  void piece(int index, String text);

  /**
   * Takes the end of a choice, after all its pieces. There are no pieces if the answer could not be delivered while it was made.
   */
  void finished(Choice choice);
}
