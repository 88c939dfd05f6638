/** The time that a line is stamped with. */
export type Stamp = {
  /** In ms since 1970 where `isDated`, else since midnight. A zone is heeded where it is written. */
  readonly at: number;
  readonly isDated: boolean;
};

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const clock = String.raw`(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?`;

type Read = (found: readonly (string | undefined)[]) => Stamp | null;

/** Where in a line a stamp may begin: before it stand a container's name, a host's, a session's number. */
const farthest = 100;

/** Forms of a stamp, the fullest first. */
const forms: readonly (readonly [RegExp, Read])[] = [
  // 2026-02-03T10:00:00.123Z, 2026-02-03 10:00:00,123, 2026/02/03 10:00:00
  [
    new RegExp(String.raw`(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T ]${clock}\s?(Z|[+-]\d\d:?\d\d)?`),
    ([, year, month, day, hour, minute, second, fraction, zone]) =>
      dated(year, Number(month) - 1, day, [hour, minute, second, fraction], zone),
  ],
  // [1795353361.27637 ] and 1609459200.123456, in seconds since 1970
  [
    /(?<![\d.])(1\d{9})\.(\d{1,9}) *(?=[\]\s])/,
    ([, seconds, fraction]) => ({
      at: Number(seconds) * 1000 + Math.round(Number(`0.${fraction ?? "0"}`) * 1000),
      isDated: true,
    }),
  ],
  // [03/Feb/2026:10:00:00 +0000]
  [
    new RegExp(String.raw`(\d\d)/(${months})/(\d{4}):${clock}(?: ([+-]\d{4}))?`),
    ([, day, month, year, hour, minute, second, fraction, zone]) =>
      dated(year, monthOf(month), day, [hour, minute, second, fraction], zone),
  ],
  // Tue Feb  3 10:00:00 2026
  [
    new RegExp(String.raw`(${months}) +(\d{1,2}) ${clock} (\d{4})\b`),
    ([, month, day, hour, minute, second, fraction, year]) =>
      dated(year, monthOf(month), day, [hour, minute, second, fraction], undefined),
  ],
  // Feb 03 2026 10:00:00
  [
    new RegExp(String.raw`(${months}) +(\d{1,2}) (\d{4}) ${clock}`),
    ([, month, day, year, hour, minute, second, fraction]) =>
      dated(year, monthOf(month), day, [hour, minute, second, fraction], undefined),
  ],
  // 03.02.2026 10:00:00: with dots the day stands first.
  [
    new RegExp(String.raw`(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}),? ${clock}`),
    ([, day, month, year, hour, minute, second, fraction]) =>
      dated(year, Number(month) - 1, day, [hour, minute, second, fraction], undefined),
  ],
  // Feb  3 10:00:00, 2/3/2026 10:00:00, 10:00:00.123: no year, or nothing that tells day from month.
  [
    new RegExp(String.raw`(?<![\d:.])${clock}(?!\d|:\d)(?: ?([AP]M)\b)?`),
    ([, hour, minute, second, fraction, half]) => ofDay([hour, minute, second, fraction], half),
  ],
];

/** Reads a line's stamp; `null` where it has none. Seconds since a machine was started are none. */
export function stampOf(line: string): Stamp | null {
  const head = line.slice(0, farthest);
  for (const [form, read] of forms) {
    const found = form.exec(head);
    if (found !== null) return read(found);
  }
  return null;
}

type Clock = readonly (string | undefined)[];

function msOfDay([hour, minute, second, fraction = ""]: Clock): number | null {
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 60) return null;
  return (
    ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.round(Number(`0.${fraction === "" ? "0" : fraction}`) * 1000)
  );
}

function dated(
  year: string | undefined,
  month: number,
  day: string | undefined,
  time: Clock,
  zone: string | undefined,
): Stamp | null {
  const ms = msOfDay(time);
  if (ms === null || month < 0 || month > 11) return null;
  const midnight = Date.UTC(Number(year), month, Number(day));
  return Number.isNaN(midnight) ? null : { at: midnight + ms - offsetOf(zone), isDated: true };
}

function ofDay(time: Clock, half: string | undefined): Stamp | null {
  const ms = msOfDay(time);
  if (ms === null) return null;
  const noon = 12 * 3_600_000;
  const hours = half === undefined ? ms : (ms % noon) + (half === "PM" ? noon : 0);
  return { at: hours, isDated: false };
}

function monthOf(name: string | undefined): number {
  return months.split("|").indexOf(name ?? "");
}

function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "") ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
