// One topic of an application while it is being filled in. What is typed is kept in this browser at once, and goes to the
// server by itself when it is complete; while a reviewer waits for it, only when it is sent on purpose, because each
// change is a new revision then.
import { computed, reactive, ref, shallowRef, toRaw, watch } from 'vue';
import { Problem } from '../shared/api.ts';
import { now } from '../shared/clock.ts';
import { faultsOf, type Faults } from '../shared/form/faults.ts';
import { problemFrom } from '../shared/load.ts';
import { applicationGet, isStale, topicPut, topicValues, type Application, type Topic } from './application.ts';
import { draftDrop, draftKeep, draftOf } from '../shared/drafts.ts';
import { session } from './session.ts';

const pause = 1200; // after the last key, before it goes to the server

export const draftName = (application: string, topic: Topic) => `${application}:${topic}`;
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export type TopicForm<Values extends object> = {
  topic: Topic;
  application: Application;
  /** Values to begin with, from what the server or the draft has. */
  begin: (known: Record<string, unknown> | undefined) => Values;
  /** What is sent. */
  body: (values: Values) => unknown;
  /** What is still missing. */
  missing: (values: Values) => Faults;
};

export function useTopic<Values extends object>(form: TopicForm<Values>) {
  const owner = session.value?.id ?? '';
  const name = draftName(form.application.id, form.topic);
  const application = shallowRef(form.application);
  const draft = draftOf(owner, name) as Values | undefined;
  const values = reactive(draft ?? form.begin(topicValues(form.application, form.topic))) as Values;
  const faults = shallowRef<Faults>({}); // beside the fields
  const summary = shallowRef<Faults>({}); // above them, after sending on purpose
  const problem = shallowRef<Problem>();
  const saving = ref(false);
  const savedAt = ref(0);
  const kept = ref(draft !== undefined);
  const byItself = form.application.state !== 'reviewing';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> = Promise.resolve(true);
  let asked: Promise<boolean> | undefined;

  async function put(body: unknown) {
    const before = topicValues(application.value, form.topic);
    try {
      application.value = await topicPut(form.topic, form.application.id, application.value.version, body);
    } catch (error) {
      if (!isStale(error)) throw error;
      // Something else of the application has changed meanwhile: that is no reason to refuse this topic.
      application.value = await applicationGet(form.application.id);
      if (!same(before, topicValues(application.value, form.topic))) throw error;
      application.value = await topicPut(form.topic, form.application.id, application.value.version, body);
    }
  }

  async function send(): Promise<boolean> {
    const body = form.body(toRaw(values));
    saving.value = true;
    problem.value = undefined;
    try {
      await put(body);
      faults.value = {};
      savedAt.value = now();
      if (same(body, form.body(toRaw(values)))) {
        draftDrop(owner, name);
        kept.value = false;
      }
      return true;
    } catch (error) {
      problem.value = problemFrom(error);
      faults.value = faultsOf(problem.value.errors);
      return false;
    } finally {
      saving.value = false;
    }
  }

  // One after the other: each is made from the version that the one before it left.
  const sendInTurn = () => (running = running.then(send));

  function sendSoon() {
    clearTimeout(timer);
    const complete = Object.keys(form.missing(toRaw(values))).length === 0;
    if (byItself && complete) timer = setTimeout(sendInTurn, pause);
  }

  watch(values, () => {
    draftKeep(owner, name, values);
    kept.value = true;
    sendSoon();
  }, { deep: true });
  // What was kept when the page was left.
  if (kept.value) sendSoon();

  async function saveNow(): Promise<boolean> {
    clearTimeout(timer);
    summary.value = {};
    problem.value = undefined;
    faults.value = form.missing(toRaw(values));
    const done = Object.keys(faults.value).length === 0 && (await sendInTurn());
    summary.value = faults.value;
    return done;
  }

  /** On purpose: true if the server has it now. Whoever asks again meanwhile gets the same answer. */
  const save = () => (asked ??= saveNow().finally(() => { asked = undefined; }));

  const state = computed(() => (saving.value ? 'saving' : kept.value ? 'kept' : savedAt.value ? 'saved' : ''));
  const broken = computed(() => (Object.keys(faults.value).length === 0 ? problem.value : undefined));
  return { values, save, status: reactive({ faults, summary, problem: broken, savedAt, state }) };
}

export type TopicStatus = ReturnType<typeof useTopic>['status'];
