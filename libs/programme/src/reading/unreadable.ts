/** Thrown where a file is no programme that can be read. The message says what the file is, in a sentence. */
export class UnreadableDocument extends Error {
  override name = 'UnreadableDocument';
}
