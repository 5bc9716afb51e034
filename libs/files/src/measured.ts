import { createHash } from 'node:crypto';
import { PermanentFailure, type FileContent, type StoredContent } from '@app/tasks';

export interface Bounds {
  signal?: AbortSignal;
  maxBytes: number;
}

/** Content that is counted and hashed while it passes. What went wrong with the content itself stands in `failure`. */
export class Measured implements AsyncIterable<Uint8Array> {
  size = 0;
  failure?: Error;
  private readonly hash = createHash('sha256');

  constructor(
    private readonly content: FileContent,
    private readonly bounds: Bounds,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    const { signal, maxBytes } = this.bounds;
    try {
      for await (const chunk of this.content instanceof Uint8Array ? [this.content] : this.content) {
        signal?.throwIfAborted();
        this.size += chunk.length;
        if (this.size > maxBytes) throw new PermanentFailure(`A file is larger than ${maxBytes} bytes.`);
        this.hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      this.failure = error as Error;
      throw error;
    }
  }

  /** What has passed as the content of a place; to be asked once, at the end. */
  storedAt(place: string): StoredContent {
    const sha256 = this.hash.digest('hex');
    return { key: `${place}-${sha256}`, size: this.size, sha256 };
  }
}
