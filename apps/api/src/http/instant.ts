const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const EARLIEST = Date.UTC(1970, 0, 1);
/** The databases' calendars end here. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The instant that an RFC 3339 text with an offset names; null for any other text, for a date that does not exist, and before 1970 or after 9999. */
export function parseInstant(text: string): Date | null {
  const match = RFC_3339.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;

  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offsetMs = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs;
  return at >= EARLIEST && at <= LATEST ? new Date(at) : null;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
