/** Finds the rows in the text of a file and gives them to a sink. */
export interface TextReader {
  /** Takes the next piece of the text. @param last true for the last one, which may be empty. */
  push(text: string, last: boolean): void;
}
