export const CHROMIUM_PATH: string;
export function missingChromium(): string | null;
