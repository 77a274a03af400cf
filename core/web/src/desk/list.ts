// A list's filter, which stands in the address, so that reload, back and a link sent to a colleague lead to the same rows.
import { computed, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';

export { useList, type Page } from '../shared/list.ts';

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
