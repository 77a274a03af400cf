// Days, moments, money and sizes as people write them. Days and times are Beijing's, wherever the reader is.
import { tag } from './language.ts';

const zone = 'Asia/Shanghai';
const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions) {
  const key = tag() + JSON.stringify(options);
  let found = made.get(key);
  if (!found) made.set(key, (found = new Intl.DateTimeFormat(tag(), options)));
  return found;
}

/** "2026年12月15日" of a moment, or of a day such as "2026-12-15", which has no zone. */
export function day(text: string): string {
  const timeZone = text.length === 10 ? 'UTC' : zone;
  return format({ year: 'numeric', month: 'long', day: 'numeric', timeZone }).format(new Date(text));
}

/** "12月15日", where the year is plain. */
export const shortDay = (text: string): string => format({ month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(text));

export function moment(text: string): string {
  return format({
    year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone,
  }).format(new Date(text));
}

export const clock = (text: string | number): string =>
  format({ hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone }).format(new Date(text));

export const money = (fen: number): string => `¥${(fen / 100).toFixed(2)}`;

export function kilobytes(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  if (megabytes < 1) return `${Math.round(bytes / 1024)} KB`;
  return megabytes < 1024 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** "1:05" of seconds that are left. */
export const countdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.max(0, Math.floor(seconds)) % 60).padStart(2, '0')}`;

/** The last day before a moment: what must be done by midnight is due on that day. */
export const dayBefore = (text: string): string => day(new Date(Date.parse(text) - 1).toISOString());

/** Whole days until a moment, begun ones counted. */
export const daysLeft = (until: string, from: number): number => Math.ceil((Date.parse(until) - from) / 86400000);
