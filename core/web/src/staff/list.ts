// A list as the server gives it: page by page, by cursor; and its filter, which stands in the address, so that reload, back and a
// link sent to a colleague lead to the same rows.
import { computed, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Problem } from '../shared/api.ts';
import { language } from '../shared/language.ts';
import { problemFrom } from '../shared/load.ts';

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

/** What the address says of these names; set() changes one, '' takes it away. `change` is called after each change. */
export function useFilter<Name extends string>(names: readonly Name[], change: () => unknown) {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => Object.fromEntries(names
    .map((name) => [name, route.query[name]])
    .filter(([, value]) => typeof value === 'string' && value)) as Partial<Record<Name, string>>);

  const replace = (next: Partial<Record<Name, string>>) => {
    const others = Object.entries(route.query).filter(([name]) => !names.includes(name as Name));
    return router.replace({ query: { ...Object.fromEntries(others), ...next } });
  };
  const set = (name: Name, value: string) => replace({ ...filter.value, [name]: value || undefined });

  watch(() => JSON.stringify(filter.value), () => change());
  return { filter, set, replace };
}
