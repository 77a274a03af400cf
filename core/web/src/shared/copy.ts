// Copying a text for somebody, and saying what came of it: a page without TLS, or a browser inside of an app, may give no clipboard.
import { ref } from 'vue';

export function useCopy() {
  const outcome = ref<'done' | 'failed'>();
  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = 'done';
    } catch {
      outcome.value = 'failed';
    }
  }
  return { copy, outcome };
}
