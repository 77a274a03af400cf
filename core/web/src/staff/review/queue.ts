// The queue as the pages ask for it: its filter, how old a row is in words, and which case comes before and after another.
import { shallowRef } from 'vue';
import type { LocationQuery } from 'vue-router';
import { ask, server, type Schemas } from '../../shared/api.ts';
import { t } from '../../shared/language.ts';
import { problemFrom } from '../../shared/load.ts';
import type { Page } from '../../desk/list.ts';

export type QueueRow = Schemas['QueueRow'];
export type Counts = Schemas['Queue']['counts'];

export const filterNames = ['state', 'plan', 'occupation', 'level', 'holder', 'overdue', 'name', 'number'] as const;
export type Filter = Partial<Record<(typeof filterNames)[number], string>>;

export const states: Schemas['State'][] = ['reviewing', 'rejected', 'approved', 'ticketed', 'withdrawn', 'expired', 'forfeited', 'voided', 'cancelled'];

export function filterOf(query: LocationQuery): Filter {
  return Object.fromEntries(filterNames.map((name) => [name, query[name]]).filter(([, value]) => typeof value === 'string' && value));
}

export async function queuePage(filter: Filter, cursor: string | undefined, limit = 30): Promise<Page<QueueRow> & { counts: Counts }> {
  const query: object = { ...filter, cursor, limit }; // as it stands in the address, whatever somebody wrote there
  const { applications, next, counts } = await ask(() => server.GET('/review/applications', { params: { query } }));
  return { rows: applications, next, counts };
}

// ---- Age ----

export type Age = { look: 'bad' | 'warn' | 'good'; text: string };

const hour = 3600000;
const soon = 8 * hour; // what has to be done within this day's work

/** How long until it is due, in words as well as in a colour; undefined for what waits for nobody. */
export function ageOf(row: { state: string; due_at: string | null }, now: number): Age | undefined {
  if (row.state !== 'reviewing' || !row.due_at) return undefined;
  const left = Date.parse(row.due_at) - now;
  const hours = Math.floor(Math.abs(left) / hour);
  const time = hours < 48 ? t('review.hours', { count: hours }) : t('review.days', { count: Math.floor(hours / 24) });
  if (left <= 0) return { look: 'bad', text: t('review.overdue_by', { time }) };
  return { look: left < soon ? 'warn' : 'good', text: t('review.due_in', { time }) };
}

// ---- Before and after ----

const farthest = 10; // pages of a hundred: who filters so wide goes on from the first row

/** The neighbours of a case within a filter, as they were when it was opened: what is decided leaves the queue. */
export function useNeighbours(id: string, filter: Filter) {
  const before = shallowRef<string>();
  const after = shallowRef<string>();

  const free = (row: QueueRow) => !row.lease || row.lease.mine;

  async function load() {
    let cursor: string | undefined;
    let last: string | undefined;
    let first: string | undefined;
    for (let pages = 0; pages < farthest; pages++) {
      const page = await queuePage(filter, cursor, 100);
      const at = page.rows.findIndex((row) => row.id === id);
      const earlier = at < 0 ? page.rows : page.rows.slice(0, at);
      first ??= earlier.find(free)?.id;
      last = [...earlier].reverse().find(free)?.id ?? last;
      if (at >= 0) {
        before.value = last;
        after.value = page.rows.slice(at + 1).find(free)?.id ?? first;
        return;
      }
      if (!page.next) break;
      cursor = page.next;
    }
    after.value = first;
  }

  // A convenience: the case itself matters more, and says what is wrong.
  load().catch(problemFrom);
  return { before, after };
}
