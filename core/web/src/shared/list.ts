// A list as the server gives it: page by page, by cursor.
import { shallowRef, watch } from 'vue';
import type { Problem } from './api.ts';
import { language } from './language.ts';
import { problemFrom } from './load.ts';

export interface Page<Row> { rows: Row[]; next: string | null }

export function useList<Row>(fetch: (cursor: string | undefined) => Promise<Page<Row>>) {
  const rows = shallowRef<Row[]>();
  const next = shallowRef<string | null>(null);
  const problem = shallowRef<Problem>();
  const loading = shallowRef(false);
  let asked = 0; // an answer to an earlier question is of no interest any more

  async function take(cursor: string | undefined) {
    const mine = ++asked;
    loading.value = true;
    problem.value = undefined;
    try {
      const page = await fetch(cursor);
      if (mine !== asked) return;
      rows.value = cursor ? [...(rows.value ?? []), ...page.rows] : page.rows;
      next.value = page.next;
    } catch (error) {
      if (mine === asked) problem.value = problemFrom(error);
    } finally {
      if (mine === asked) loading.value = false;
    }
  }

  const load = () => take(undefined);
  const more = () => take(next.value ?? undefined);

  watch(language, load);
  void load();
  return { rows, next, problem, loading, load, more };
}

/** All pages of a list, for a choice that needs the whole. */
export async function everyRow<Row>(fetch: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page<Row> = await fetch(cursor);
    all.push(...page.rows);
    cursor = page.next;
  }
  return all;
}
