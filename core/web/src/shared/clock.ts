// The server's time. Deadlines and countdowns are reckoned by it: a phone's clock may be anything.
import { onScopeDispose, ref, type Ref } from 'vue';

let ahead = 0;

export function heard(date: string | null) {
  const moment = date ? Date.parse(date) : NaN;
  // The header has whole seconds: what differs less is the same time.
  if (!Number.isNaN(moment) && Math.abs(moment - now()) > 2000) ahead = moment - Date.now();
}

export const now = () => Date.now() + ahead;

/** now(), again every second, for what counts down. Ends with the component that asked. */
export function useNow(): Ref<number> {
  const moment = ref(now());
  const timer = setInterval(() => { moment.value = now(); }, 1000);
  onScopeDispose(() => clearInterval(timer));
  return moment;
}
