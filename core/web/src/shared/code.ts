// Having a code sent to a mobile number, with the time until there can be another: at the door, where the number changes, at the desk.
import { computed, ref, shallowRef, watch } from 'vue';
import type { Problem } from './api.ts';
import { now, useNow } from './clock.ts';
import { problemFrom } from './load.ts';

const interval = 60000; // the server's, between two codes for one number

export type CodeSending = ReturnType<typeof useCode>;

/** `mobile`: as it is typed now; `ask` has a code sent to it. */
export function useCode(mobile: () => string, ask: (mobile: string) => Promise<unknown>) {
  const problem = shallowRef<Problem>();
  const again = ref(0); // from when on another code can be had
  const sent = ref(false);
  const moment = useNow();
  const left = computed(() => Math.ceil((again.value - moment.value) / 1000));

  // Both are one number's: whoever has mistyped it need not wait.
  watch(mobile, () => {
    again.value = 0;
    sent.value = false;
  });

  async function send() {
    problem.value = undefined;
    try {
      await ask(mobile());
      sent.value = true;
      again.value = now() + interval;
    } catch (error) {
      problem.value = problemFrom(error);
      const wait = Number(problem.value.params.seconds);
      if (wait > 0) again.value = now() + wait * 1000;
    }
    moment.value = now();
  }

  return { problem, sent, left, send };
}
