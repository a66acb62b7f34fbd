package dev.polylm.jakarta.openai;

/** Hears answers while they are made, those of several choices from several threads. */
interface PieceListener {
  PieceListener NONE =
      new PieceListener() {
        @Override
        public void piece(int index, String text) {}

        @Override
        public void finished(Choice choice) {}
      };

  /** More text of a choice; what it throws ends all. */
  void piece(int index, String text);

  /** A choice has its end; all its pieces were given, or none if they were not to be had. */
  void finished(Choice choice);
}
