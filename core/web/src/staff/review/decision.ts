// The decision on its way: previewed, held back for ten seconds in this page, sent. Until then nothing has left.
import { onScopeDispose, ref, shallowRef } from 'vue';
import type { Schemas } from '../../shared/api.ts';
import { draftDrop, draftKeep, draftOf } from '../../shared/drafts.ts';
import { useWork } from '../../shared/load.ts';
import { nextTask } from '../../shared/task.ts';
import { session } from '../session.ts';

export type Decided = Schemas['Decided'];
type Held = { outcome: 'approved' | 'rejected' };

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
  let rest = 0; // ms until it goes
  let seen = 0; // when that was reckoned
  let asking = 0; // questions that are open
  let going = Promise.resolve(true); // the last one that was sent: whether it was taken

  function write(text: string) {
    note.value = text;
    draftKeep(owner, name, text);
  }

  function undo() {
    clearInterval(timer);
    held.value = undefined;
  }

  function send() {
    const { outcome } = held.value!;
    undo();
    going = work(async () => {
      sent.value = await decide(outcome, note.value.trim() || null);
      draftDrop(owner, name);
    });
  }

  /** Once nothing is on its way: false if what was is refused. */
  const settled = async () => !working.value || going;

  function tick() {
    const at = Date.now();
    if (asking === 0) rest -= at - seen;
    seen = at;
    left.value = Math.ceil(rest / 1000);
    if (rest <= 0) send();
  }

  function start(outcome: Held['outcome']) {
    held.value = { outcome };
    rest = hold;
    seen = Date.now();
    tick();
    timer = window.setInterval(tick, 250);
  }

  /** The seconds stand still while somebody is asked: nothing leaves behind the question whether it is to be taken back. */
  async function standing<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    asking++;
    try {
      return await question();
    } finally {
      seen = Date.now();
      asking--;
    }
  }

  // Closing the window meanwhile asks first; the browser has words of its own for it, and lets nothing run until they are answered.
  function stay(event: BeforeUnloadEvent) {
    if (!held.value && !working.value) return;
    event.preventDefault();
    void standing(nextTask);
  }
  window.addEventListener('beforeunload', stay);
  onScopeDispose(() => {
    clearInterval(timer);
    window.removeEventListener('beforeunload', stay);
  });

  return { note, write, held, left, sent, working, problem, start, undo, send, settled, standing };
}
