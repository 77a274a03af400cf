// What a page shows comes from the server: asked for when the page opens, and again when somebody wants it.
import { nextTick, ref, shallowRef } from 'vue';
import { Problem } from './api.ts';

export function useLoad<Data>(fetch: () => Promise<Data>) {
  const data = shallowRef<Data>();
  const problem = shallowRef<Problem>();
  const loading = ref(false);
  let turn = 0; // what was asked for before may be answered later

  async function load() {
    const mine = ++turn;
    loading.value = true;
    problem.value = undefined;
    try {
      const found = await fetch();
      if (mine === turn) data.value = found;
    } catch (error) {
      if (mine === turn) problem.value = problemFrom(error);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  void load();
  return { data, problem, loading, load };
}

/** What can be told to a person; anything else is a bug, and goes on. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

/** Back to what was pressed, if the focus was lost meanwhile, as it is by what cannot be pressed while its work goes on; to the page's
 * heading if that is gone. */
export async function focusBack(pressed: Element | null) {
  const lost = () => !document.activeElement || document.activeElement === document.body;
  await nextTick();
  if (!(pressed instanceof HTMLElement) || pressed === document.body || !lost()) return;
  pressed.focus();
  if (lost()) document.querySelector('h1')?.focus({ preventScroll: true });
}

/** A button's work: one at a time, and what went wrong. */
export function useWork() {
  const working = ref(false);
  const problem = shallowRef<Problem>();

  async function work(task: () => Promise<void>): Promise<boolean> {
    if (working.value) return false;
    const pressed = document.activeElement;
    working.value = true;
    problem.value = undefined;
    try {
      await task();
      return true;
    } catch (error) {
      problem.value = problemFrom(error);
      return false;
    } finally {
      working.value = false;
      void focusBack(pressed);
    }
  }

  return { working, problem, work };
}
