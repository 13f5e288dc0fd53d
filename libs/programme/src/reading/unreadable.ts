/** Thrown for a file that cannot be read as a programme. The message is a sentence that says what the file is. */
export class UnreadableDocument extends Error {
  override name = 'UnreadableDocument';
}
