// The keyboard of the desk: one key, one act, never while somebody types. It can be switched off, since whoever speaks to a
// machine, or holds a key too long, would set it off by accident.
import { onScopeDispose, ref } from 'vue';

const kept = 'kaowu.review.keys';

export const keysOn = ref(localStorage.getItem(kept) !== 'off');

export function keysSwitch(on: boolean) {
  keysOn.value = on;
  localStorage.setItem(kept, on ? 'on' : 'off');
}

/** Every key and the text of what it does, in the order in which they are shown; 1-9 stand for nine. */
export const keys = [
  ['j', 'item_next'], ['k', 'item_back'], ['a', 'pass'], ['f', 'fail'], ['1-9', 'reason'], ['m', 'note'], ['Esc', 'note_leave'],
  [']', 'picture_next'], ['[', 'picture_back'], ['c', 'compare'], ['r', 'rotate'], ['+', 'zoom_in'], ['-', 'zoom_out'], ['0', 'fit'],
  ['s', 'send'], ['u', 'undo'], ['n', 'case_next'], ['p', 'case_back'], ['q', 'queue'], ['t', 'take_over'], ['?', 'help'],
] as const;

export type Act = Exclude<(typeof keys)[number][1], 'note_leave'>;

const actOf = new Map<string, Act>(keys.filter(([, act]) => act !== 'note_leave').map(([key, act]) => [key, act as Act]));
actOf.set('=', 'zoom_in'); // the same key without shift

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));

export function useKeys(act: (what: Act, digit: number) => void) {
  function pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector('dialog[open]')) return;
    if (typing(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur();
      return;
    }
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    const what = digit ? 'reason' : actOf.get(event.key.toLowerCase());
    // The help itself answers always: it is where the keys are switched on again.
    if (!what || (!keysOn.value && what !== 'help')) return;
    event.preventDefault();
    act(what, digit);
  }

  document.addEventListener('keydown', pressed);
  onScopeDispose(() => document.removeEventListener('keydown', pressed));
}
