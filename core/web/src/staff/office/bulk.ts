// The same act for many: each row by its own request and so in its own transaction, judged by the server as a single act is. First dry,
// which tells what would happen, then in earnest for those that may; what is refused hinders no other row.
import { ref, shallowRef } from 'vue';
import { Problem } from '../../shared/api.ts';
import { t } from '../../shared/language.ts';

export interface Task { key: string; label: string }
export interface Outcome extends Task { outcome: 'ready' | 'done' | 'refused'; detail: string }

/** What happens to one, or would (dry): in words; a Problem says why not. */
export type Act = (key: string, dry: boolean) => Promise<string>;

const words = ({ message, errors }: Problem) => [message, ...errors.map(({ detail }) => detail)].join(' ');

export function useBulk(act: Act) {
  const outcomes = shallowRef<Outcome[]>([]);
  const working = ref(false);
  const total = ref(0);

  async function one(task: Task, dry: boolean): Promise<Outcome> {
    try {
      return { ...task, outcome: dry ? 'ready' : 'done', detail: await act(task.key, dry) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { ...task, outcome: 'refused', detail: words(error) };
    }
  }

  /** In earnest, what the dry run refused stays as it is, with its reason. */
  async function run(tasks: (Task | Outcome)[], dry: boolean) {
    if (working.value) return;
    working.value = true;
    total.value = tasks.length;
    outcomes.value = [];
    try {
      for (const task of tasks)
        outcomes.value = [...outcomes.value, !dry && 'outcome' in task && task.outcome === 'refused' ? task : await one(task, dry)];
    } finally {
      working.value = false;
    }
  }

  const count = (outcome: Outcome['outcome']) => outcomes.value.filter((each) => each.outcome === outcome).length;
  const progress = () => t('bulk.progress', { done: outcomes.value.length, total: total.value });
  return { outcomes, working, run, count, progress };
}

/** Which rows of a list are ticked, by their keys. */
export function useSelection() {
  const chosen = ref(new Set<string>());

  function set(keys: string[], on: boolean) {
    const next = new Set(chosen.value);
    for (const key of keys) if (on) next.add(key); else next.delete(key);
    chosen.value = next;
  }
  const clear = () => { chosen.value = new Set(); };
  return { chosen, set, clear };
}
