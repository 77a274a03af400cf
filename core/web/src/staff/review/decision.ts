// The decision on its way: previewed, held back for ten seconds in this page, sent. Until then nothing has left.
import { onScopeDispose, ref, shallowRef } from 'vue';
import type { Schemas } from '../../shared/api.ts';
import { draftDrop, draftKeep, draftOf } from '../../shared/drafts.ts';
import { useWork } from '../../shared/load.ts';
import { session } from '../session.ts';

export type Decided = Schemas['Decided'];
type Held = { outcome: 'approved' | 'rejected'; until: number };

const hold = 10000;

export function useDecision(id: string, decide: (outcome: Held['outcome'], note: string | null) => Promise<Decided>) {
  const owner = session.value?.id ?? '';
  const name = `review:${id}:decision`;
  const note = ref((draftOf(owner, name) as string | undefined) ?? '');
  const held = shallowRef<Held>();
  const left = ref(0); // seconds
  const sent = shallowRef<Decided>();
  const { working, problem, work } = useWork();
  let timer: number | undefined;

  function write(text: string) {
    note.value = text;
    draftKeep(owner, name, text);
  }

  function undo() {
    clearInterval(timer);
    held.value = undefined;
  }

  async function send(): Promise<boolean> {
    const { outcome } = held.value!;
    undo();
    return work(async () => {
      sent.value = await decide(outcome, note.value.trim() || null);
      draftDrop(owner, name);
    });
  }

  function tick() {
    left.value = Math.ceil((held.value!.until - Date.now()) / 1000);
    if (left.value <= 0) void send();
  }

  function start(outcome: Held['outcome']) {
    held.value = { outcome, until: Date.now() + hold };
    tick();
    timer = window.setInterval(tick, 250);
  }

  // Closing the window meanwhile asks first; the browser has words of its own for it.
  const stay = (event: BeforeUnloadEvent) => { if (held.value || working.value) event.preventDefault(); };
  window.addEventListener('beforeunload', stay);
  onScopeDispose(() => {
    clearInterval(timer);
    window.removeEventListener('beforeunload', stay);
  });

  return { note, write, held, left, sent, working, problem, start, undo, send };
}
