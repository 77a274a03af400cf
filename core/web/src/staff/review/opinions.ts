// What the reviewer thinks of each item, while it is typed: saved by itself once it is whole, kept in this browser until the
// server has it.
import { onScopeDispose, reactive, watch, type Ref } from 'vue';
import { Problem } from '../../shared/api.ts';
import { draftDrop, draftKeep, draftOf } from '../../shared/drafts.ts';
import { problemFrom } from '../../shared/load.ts';
import { session } from '../session.ts';
import type { Case, CaseItem } from './case.ts';

export interface Opinion {
  outcome: 'pass' | 'fail' | null;
  reasons: string[];
  note: string;
  state: 'saved' | 'typing' | 'saving' | 'refused';
  problem?: Problem;
}

type Judge = (item: string, opinion: { outcome: 'pass' | 'fail'; reasons: string[]; note: string | null }) => Promise<void>;

const pause = 800; // after the last key

const savedOf = (item: CaseItem): Opinion => ({ outcome: item.outcome, reasons: [...item.reasons], note: item.note ?? '', state: 'saved' });

/** What is still missing for the server to take it; undefined: nothing. */
export function lacking(item: string, opinion: Opinion): 'outcome' | 'reason' | 'note' | 'related' | undefined {
  if (!opinion.outcome) return 'outcome';
  if (opinion.outcome === 'pass') return item.startsWith('related:') && !opinion.note.trim() ? 'related' : undefined;
  if (opinion.reasons.length === 0) return 'reason';
  return opinion.reasons.includes('OTHER') && !opinion.note.trim() ? 'note' : undefined;
}

export function useOpinions(file: Ref<Case | undefined>, judge: Judge) {
  const opinions = reactive<Record<string, Opinion>>({});
  const timers = new Map<string, number>();
  const running = new Set<string>();
  const owner = session.value?.id ?? '';
  const draftName = (item: string) => `review:${file.value?.id}:${item}`;

  // What is being typed here stays; everything else is as the server has it.
  function follow(items: CaseItem[]) {
    for (const item of items) {
      const mine = opinions[item.item];
      if (mine && mine.state !== 'saved') continue;
      const draft = mine || item.locked ? undefined : (draftOf(owner, draftName(item.item)) as Opinion | undefined);
      opinions[item.item] = draft ? { ...draft, state: 'typing' } : savedOf(item);
    }
  }
  watch(() => file.value?.items, (items) => { if (items) follow(items); }, { immediate: true });

  async function save(item: string) {
    const opinion = opinions[item];
    clearTimeout(timers.get(item));
    if (running.has(item) || opinion.state === 'saved' || lacking(item, opinion)) return;
    running.add(item);
    const { outcome, reasons, note } = opinion;
    const sent = { outcome: outcome!, reasons: [...reasons], note: note.trim() || null };
    opinion.state = 'saving';
    opinion.problem = undefined;
    const unchanged = () => opinion.outcome === outcome && opinion.note === note && opinion.reasons.join() === sent.reasons.join();
    try {
      await judge(item, sent);
      if (unchanged()) {
        opinion.state = 'saved';
        draftDrop(owner, draftName(item));
      }
    } catch (error) {
      opinion.state = 'refused';
      opinion.problem = problemFrom(error);
    } finally {
      running.delete(item);
    }
    // What was typed meanwhile goes after it, in order.
    if (opinions[item].state === 'typing') later(item);
  }

  function later(item: string, after = pause) {
    const opinion = opinions[item];
    opinion.state = 'typing';
    const { outcome, reasons, note } = opinion;
    draftKeep(owner, draftName(item), { outcome, reasons, note });
    clearTimeout(timers.get(item));
    timers.set(item, window.setTimeout(() => void save(item), after));
  }

  function pass(item: string) {
    Object.assign(opinions[item], { outcome: 'pass', reasons: [] });
    later(item, 0);
  }

  function fail(item: string) {
    opinions[item].outcome = 'fail';
    later(item);
  }

  function toggle(item: string, code: string) {
    const opinion = opinions[item];
    opinion.reasons = opinion.reasons.includes(code) ? opinion.reasons.filter((each) => each !== code) : [...opinion.reasons, code];
    fail(item);
  }

  function write(item: string, note: string) {
    opinions[item].note = note;
    later(item);
  }

  /** Back to what the server has. */
  function forget(item: string) {
    clearTimeout(timers.get(item));
    draftDrop(owner, draftName(item));
    const saved = file.value?.items.find((each) => each.item === item);
    if (saved) opinions[item] = savedOf(saved);
  }

  onScopeDispose(() => timers.forEach((timer) => clearTimeout(timer)));
  return { opinions, pass, fail, toggle, write, save, forget };
}
