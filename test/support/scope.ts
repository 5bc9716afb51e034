type Ending = () => unknown;

/** Ends, last first, whatever was begun in it. */
export class Scope {
  private readonly endings: Ending[] = [];
  private over = false;

  /** True once it ends or has ended: begin nothing more in it. */
  get ended(): boolean {
    return this.over;
  }

  onEnd(ending: Ending): void {
    this.endings.push(ending);
  }

  /** @throws the first error of an ending, after all of them had their turn. */
  async end(): Promise<void> {
    this.over = true;
    const errors: unknown[] = [];
    for (const ending of this.endings.splice(0).reverse()) {
      try {
        await ending();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
