// A reviewer's own views of the queue: a name for a filter. Kept in this browser.
import { ref } from 'vue';
import type { Filter } from './queue.ts';

export interface View { name: string; filter: Filter }

const kept = 'kaowu.review.views';

export const views = ref<View[]>(JSON.parse(localStorage.getItem(kept) ?? '[]') as View[]);

function keep(next: View[]) {
  views.value = next;
  localStorage.setItem(kept, JSON.stringify(next));
}

/** A view of the same name is replaced. */
export const viewKeep = (view: View) => keep([...views.value.filter(({ name }) => name !== view.name), view]);
export const viewDrop = (name: string) => keep(views.value.filter((each) => each.name !== name));
