/** The waits between tries, in milliseconds, of a setting such as `5,300,1800`. */
export function waitsOf(schedule: string): number[] {
  return schedule.split(',').map((seconds) => Math.round(Number(seconds) * 1000));
}
