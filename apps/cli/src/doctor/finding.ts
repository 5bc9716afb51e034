/** What was found of one part. */
export interface Finding {
  part: string;
  ok: boolean;
  detail: string;
  /** What to do about it. */
  advice?: string;
}

/** Looks at one part; what it throws is the finding. Advice says what to do then. */
export async function look(part: string, advice: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { part, ok: true, detail: await work() };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { part, ok: false, detail: message || code || String(error), advice };
  }
}
