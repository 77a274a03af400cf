// What the office's pages share: where a list of the API is shown, the statuses and their colours, and how moments are typed.
import type { LocationQueryRaw, RouteLocationRaw } from 'vue-router';
import type { Schemas } from '../../shared/api.ts';
import { pages } from '../pages.ts';
import { hasOneOf } from '../session.ts';
import '../../desk/office.css';

const shown: Record<string, string> = {
  '/admin/applications': 'office-applications', '/admin/messages': 'office-messages', '/admin/erasures': 'office-erasures',
};

/** The page that shows a list of the API ("/admin/messages?state=dead"), if this person may open it. */
export function pageOf(list: string): RouteLocationRaw | undefined {
  const [path, query] = list.split('?');
  const page = pages.find(({ name }) => name === shown[path]);
  if (!page || !hasOneOf(page.roles)) return undefined;
  return { name: page.name, query: Object.fromEntries(new URLSearchParams(query ?? '')) as LocationQueryRaw };
}

/** In the order of an application's way, with the colour of its piece of a bar. */
export const statuses: Record<Exclude<Schemas['Status'], 'approved'>, string> = {
  draft: '#aeb7c2', reviewing: '#f2a900', rejected: '#d9622b', awaiting_payment: '#7aa6d8', awaiting_papers: '#3f78b8',
  awaiting_ticket: '#1b4f8f', ticketed: '#1d6b3a', withdrawn: '#8f99a6', expired: '#75808e', forfeited: '#5c6673', voided: '#b3261e',
  cancelled: '#4a4f57',
};

const offset = 8 * 60 * 60 * 1000; // Beijing's, all year

/** "2026-12-15T17:00", as a field for day and time has it, of a moment. */
export const localOf = (moment: string | undefined): string =>
  (moment ? new Date(Date.parse(moment) + offset).toISOString().slice(0, 16) : '');

export const momentOf = (local: string): string | undefined => (local ? `${local}:00+08:00` : undefined);
