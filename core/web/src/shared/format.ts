// Days, moments, money and sizes as people write them. Days and times are Beijing's, wherever the reader is: eight hours ahead all
// year round, so that the browser's Intl, which takes a phone a tenth of a second to wake up, is not needed.
import { language } from './language.ts';

const ahead = 8 * 60 * 60 * 1000;
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** Of a moment, or of a day such as "2026-12-15", which has no zone: a date whose UTC parts are to be read. */
const beijing = (text: string | number) => new Date(new Date(text).getTime() + (typeof text === 'string' && text.length === 10 ? 0 : ahead));
const two = (count: number) => String(count).padStart(2, '0');

function dayOf(date: Date, name: (month: string) => string, year: boolean): string {
  const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (language() === 'zh') return `${year ? `${y}年` : ''}${m + 1}月${d}日`;
  return `${name(months[m])} ${d}${year ? `, ${y}` : ''}`;
}

/** "2026年12月15日", "December 15, 2026". */
export const day = (text: string): string => dayOf(beijing(text), (month) => month, true);

/** "12月15日", "Dec 15", where the year is plain. */
export const shortDay = (text: string): string => dayOf(beijing(text), (month) => month.slice(0, 3), false);

/** "09:05". */
export const clock = (text: string | number): string => `${two(beijing(text).getUTCHours())}:${two(beijing(text).getUTCMinutes())}`;

const at = (of: string, time: string) => `${of}${language() === 'zh' ? ' ' : ' at '}${time}`;

/** "2026年12月15日 09:05", "December 15, 2026 at 09:05". */
export const moment = (text: string): string => at(day(text), clock(text));

export const money = (fen: number): string => `¥${(fen / 100).toFixed(2)}`;

export function kilobytes(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  if (megabytes < 1) return `${Math.round(bytes / 1024)} KB`;
  return megabytes < 1024 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** "1:05" of seconds that are left; "3 小时 20 分", "25 天 7 小时" where they are many. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const zh = language() === 'zh';
  if (days > 0) return zh ? `${days} 天 ${hours} 小时` : `${days} d ${hours} h`;
  if (hours > 0) return zh ? `${hours} 小时 ${minutes} 分` : `${hours} h ${minutes} min`;
  return `${minutes}:${two(whole % 60)}`;
}

/** The last day before a moment: what must be done by midnight is due on that day. */
export const dayBefore = (text: string): string => day(new Date(Date.parse(text) - 1).toISOString());

/** The time at which something ends: midnight is that of the day before. */
const endOf = (text: string): string => (clock(text) === '00:00' ? '24:00' : clock(text));

/** A moment that ends something: midnight is "2026年12月14日 24:00", as the SMS and the cover sheet say it. */
export const deadline = (text: string): string => at(dayBefore(text), endOf(text));

/** How ends what begins at `from`: "17:00", with its day where that is another. */
export const ending = (from: string, until: string): string => (dayBefore(until) === day(from) ? endOf(until) : deadline(until));

const hour = 60 * 60 * 1000;

/** "25 天", and on the last day "3 小时": what has passed of a day or an hour is not left. */
export function timeLeft(until: string, from: number): string {
  const hours = Math.max(0, Math.floor((Date.parse(until) - from) / hour));
  const [count, zh, en] = hours < 24 ? [hours, '小时', 'hour'] : [Math.floor(hours / 24), '天', 'day'];
  return language() === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`;
}

/** Is it within the next three days? */
export const isSoon = (until: string, from: number): boolean => Date.parse(until) - from <= 3 * 24 * hour;
