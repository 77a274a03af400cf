// One topic of an application while it is being filled in. What is typed is kept in this browser at once, and goes to the
// server by itself when it is complete; while a reviewer waits for it, only when it is sent on purpose, because each
// change is a new revision then. With it is kept what it was begun from: where the server has got something else since, it
// goes nowhere until somebody who has seen both has chosen.
import { computed, reactive, ref, shallowRef, toRaw, watch } from 'vue';
import { onceKey, Problem } from '../shared/api.ts';
import { now } from '../shared/clock.ts';
import { faultsOf, type Faults } from '../shared/form/faults.ts';
import { problemFrom } from '../shared/load.ts';
import { applicationGet, isStale, topicPut, topicValues, type Application, type Plan, type Topic } from './application.ts';
import { blocksDiffer, topicBlocks } from './blocks.ts';
import { draftDrop, draftKeep, draftOf } from '../shared/drafts.ts';
import { session } from './session.ts';

const pause = 1200; // after the last key, before it goes to the server
const mostKept = 9; // of drafts of one topic, and of bodies sent

type Body = Record<string, unknown>;
/** `by`: the window that it was typed in; `base`: what the server had when it was begun; `sent`: what went there, and no answer came. */
type Draft<Values> = { by: string; base: Body; sent: Body[]; values: Values };

export const draftName = (application: string, topic: Topic) => `${application}:${topic}:typed`;

/** Has somebody typed of this topic what the server does not have? */
export const isKept = (application: string, topic: Topic) => draftOf(session.value?.id ?? '', draftName(application, topic)) !== undefined;

// Neither the order of fields nor what is left empty makes another topic.
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const said = Object.entries(value).map(([name, each]) => [name, plain(each)] as const)
    .filter(([, each]) => each !== undefined && each !== '' && !(Array.isArray(each) && each.length === 0));
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
}
const same = (a: unknown, b: unknown) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

// The server writes what it takes in its own way: "(" for "（", "X" for "x", no spaces in a telephone number. By letters and digits alone,
// it is the same still.
const alike = (a: unknown, b: unknown) => {
  const [one, other] = [a, b].map((each) => JSON.stringify(plain(each)).normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, ''));
  return one === other;
};

/** What a fault is about: a field, or the row that it is in, whose fields are judged together. */
function subjectOf(body: Body, pointer: string): unknown {
  const [, name, part] = pointer.split('/');
  return part === undefined ? body[name] : (body[name] as Record<string, unknown> | undefined)?.[part];
}

export type TopicForm<Values extends object> = {
  topic: Topic;
  application: Application;
  plan: Plan;
  /** Values to begin with, from what the server or the draft has. */
  begin: (known: Record<string, unknown> | undefined) => Values;
  /** What is sent. */
  body: (values: Values) => Body;
  /** What is still missing. */
  missing: (values: Values) => Faults;
};

export function useTopic<Values extends object>(form: TopicForm<Values>) {
  const owner = session.value?.id ?? '';
  const name = draftName(form.application.id, form.topic);
  const me = onceKey();
  const application = shallowRef(form.application);
  const begun = () => form.begin(topicValues(application.value, form.topic));
  const theirs = computed(() => form.body(begun())); // what the server has, as it would be sent from here
  const stored = () => (draftOf(owner, name) as Draft<Values>[] | undefined) ?? [];
  const draft = stored().pop(); // what was typed last
  let base = draft?.base ?? theirs.value;
  let sent = draft?.sent ?? [];
  let taken: [sent: Body, written: Body] | undefined; // what the server was sent last, and has written in its own way
  const values = reactive(draft?.values ?? begun()) as Values;
  const mine = () => form.body(toRaw(values));
  const isThere = () => same(mine(), theirs.value) || (taken !== undefined && same(mine(), taken[0]) && same(theirs.value, taken[1]));
  const faults = shallowRef<Faults>({}); // beside the fields
  let judged: Body = {}; // what they were found in
  const summary = shallowRef<Faults>({}); // above them, after sending on purpose
  const problem = shallowRef<Problem>();
  const conflict = ref(false);
  const told = ref(0); // how often somebody who pressed the button has to be told why it did not go
  const saving = ref(false);
  const savedAt = ref(0);
  const kept = ref(false);
  const byItself = form.application.state !== 'reviewing';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> = Promise.resolve(true);
  let asked: Promise<boolean> | undefined;

  // What is typed in another window lies beside it: neither keeping nor saving this one takes it away.
  const others = () => stored().filter((each) => each.by !== me && JSON.stringify(each) !== JSON.stringify(draft));

  function keep() {
    draftKeep(owner, name, [...others(), { by: me, base, sent, values }].slice(-mostKept) satisfies Draft<Values>[]);
    kept.value = true;
  }

  function drop() {
    const left = others();
    if (left.length > 0) draftKeep(owner, name, left);
    else draftDrop(owner, name);
    kept.value = false;
  }

  function tell(found: Faults, body: Body) {
    faults.value = found;
    judged = body;
  }

  // What was said of something that is written otherwise now is said no more.
  function forget() {
    const body = mine();
    const left = Object.entries(faults.value).filter(([pointer]) => same(subjectOf(body, pointer), subjectOf(judged, pointer)));
    if (left.length < Object.keys(faults.value).length) faults.value = Object.fromEntries(left);
  }

  /** Goes on from what the server has now. */
  function rebase() {
    base = theirs.value;
    sent = [];
    conflict.value = false;
  }

  /** May what is typed here go on top of what the server has? That is this page's own work, though its answer was lost, or what it began from. */
  function settled(): boolean {
    const known = same(theirs.value, base) || [...sent, mine()].some((each) => alike(theirs.value, each));
    if (known) rebase();
    conflict.value = !known;
    return known;
  }

  async function put(body: Body): Promise<boolean> {
    const go = async () => { application.value = await topicPut(form.topic, form.application.id, application.value.version, body); };
    sent = [...sent, body].slice(-mostKept);
    keep();
    try {
      await go();
    } catch (error) {
      if (!isStale(error)) throw error;
      // Something else of the application has changed meanwhile: that is no reason to refuse this topic.
      application.value = await applicationGet(form.application.id);
      if (!settled()) return false;
      if (!alike(theirs.value, body)) await go();
    }
    rebase();
    taken = [body, theirs.value];
    return true;
  }

  async function send(): Promise<boolean> {
    if (conflict.value) return false;
    const body = mine();
    saving.value = true;
    problem.value = undefined;
    try {
      if (!(await put(body))) return false;
      faults.value = {};
      savedAt.value = now();
      keepOrDrop();
      return true;
    } catch (error) {
      problem.value = problemFrom(error);
      tell(faultsOf(problem.value.errors), body);
      forget();
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
    if (byItself && complete && !conflict.value) timer = setTimeout(sendInTurn, pause);
  }

  function keepOrDrop() {
    clearTimeout(timer);
    if (!conflict.value && isThere()) {
      const lacking = form.missing(toRaw(values));
      faults.value = Object.fromEntries(Object.entries(faults.value).filter(([pointer]) => pointer in lacking));
      return drop();
    }
    keep();
    return sendSoon();
  }

  watch(values, () => {
    forget();
    keepOrDrop();
  }, { deep: true });
  // What was kept when the page was left.
  if (draft) {
    settled();
    keepOrDrop();
  }

  async function saveNow(): Promise<boolean> {
    clearTimeout(timer);
    summary.value = {};
    problem.value = undefined;
    tell(conflict.value ? {} : form.missing(toRaw(values)), mine());
    const done = Object.keys(faults.value).length === 0 && (await sendInTurn());
    summary.value = faults.value;
    if (!done) told.value++;
    return done;
  }

  /** On purpose: true if the server has it now. Whoever asks again meanwhile gets the same answer. */
  const save = () => (asked ??= saveNow().finally(() => { asked = undefined; }));

  function keepMine() {
    rebase();
    keepOrDrop();
  }

  function takeTheirs() {
    for (const each of Object.keys(values)) delete (values as Record<string, unknown>)[each];
    Object.assign(values, begun());
    faults.value = summary.value = {};
    problem.value = undefined;
    rebase();
    drop();
  }

  const state = computed(() => {
    if (saving.value) return 'saving';
    if (kept.value && conflict.value) return 'conflict';
    if (kept.value) return problem.value ? 'refused' : byItself ? 'kept' : 'unsaved';
    return savedAt.value ? 'saved' : '';
  });
  const broken = computed(() => (Object.keys(faults.value).length === 0 ? problem.value : undefined));
  const blocks = (body: Body) => topicBlocks(form.topic, body, form.plan);
  const newer = computed(() => (conflict.value ? blocksDiffer(blocks(form.body(values)), blocks(theirs.value)) : undefined));
  return { values, save, status: reactive({ faults, summary, problem: broken, savedAt, state, newer, told, keepMine, takeTheirs }) };
}

export type TopicStatus = ReturnType<typeof useTopic>['status'];
