// What a page shows comes from the server: asked for when the page opens, and again when somebody wants it.
import { ref, shallowRef } from 'vue';
import { Problem } from './api.ts';

export function useLoad<Data>(fetch: () => Promise<Data>) {
  const data = shallowRef<Data>();
  const problem = shallowRef<Problem>();
  const loading = ref(false);

  async function load() {
    loading.value = true;
    problem.value = undefined;
    try {
      data.value = await fetch();
    } catch (error) {
      problem.value = problemFrom(error);
    } finally {
      loading.value = false;
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

/** A button's work: one at a time, and what went wrong. */
export function useWork() {
  const working = ref(false);
  const problem = shallowRef<Problem>();

  async function work(task: () => Promise<void>): Promise<boolean> {
    if (working.value) return false;
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
    }
  }

  return { working, problem, work };
}
