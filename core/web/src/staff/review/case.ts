// One case on the desk: what the server has of it, who holds it, and what the candidate changed while it lay there.
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { ask, askOnce, ifMatch, Problem, server, type Schemas } from '../../shared/api.ts';
import { language, t } from '../../shared/language.ts';
import { problemFrom } from '../../shared/load.ts';

export type Case = Schemas['Case'];
export type CaseItem = Schemas['CaseItem'];
export type Outcome = Schemas['ItemJudged']['outcome'];

const listsOf: Record<string, (keyof Case['form'])[]> = {
  details: ['details'], certificates: ['certificates', 'titles', 'diplomas', 'trainings'], work: ['work'], fields: ['fields'],
};

/** The items that read or look otherwise than before. */
export function changedItems(before: Case, after: Case): string[] {
  const other = (one: unknown, two: unknown) => JSON.stringify(one) !== JSON.stringify(two);
  const topics = Object.entries(listsOf)
    .filter(([, names]) => names.some((name) => other(before.form[name], after.form[name])))
    .map(([item]) => item);
  if (other(before.identity, after.identity)) topics.push('identity');
  if (other(before.condition, after.condition)) topics.push('condition');
  const shaOf = (file: Case, id: string) => file.materials.find((each) => each.id === id)?.file?.sha256;
  const ids = new Set([...before.materials, ...after.materials].map(({ id }) => id));
  return [...topics, ...[...ids].filter((id) => shaOf(before, id) !== shaOf(after, id)).map((id) => `material:${id}`)];
}

/** What the judgements make of the case: approved if all passed, rejected if all are judged and one failed. */
export function outcomeOf(items: CaseItem[]): Outcome {
  if (items.some((item) => !item.outcome)) return 'undecided';
  return items.every((item) => item.outcome === 'pass') ? 'approved' : 'rejected';
}

const rest = 60000; // how often to look whether anything happened, while somebody works

export function useCase(id: string) {
  const file = shallowRef<Case>();
  const problem = shallowRef<Problem>();
  const loading = ref(true);
  const refused = shallowRef<Problem>(); // of claiming
  const changed = shallowRef<string[]>([]); // items, since somebody last said that they had seen it
  const path = { path: { id } };

  const lease = computed(() => file.value?.lease ?? null);
  const waiting = computed(() => file.value?.state === 'reviewing');
  const mine = computed(() => waiting.value && lease.value?.mine === true);

  let taken = 0; // how often the server's word was taken: an answer to what was asked before the last time is old
  function put(part: Partial<Case>) {
    taken++;
    if (file.value) file.value = { ...file.value, ...part };
  }

  /** Fetches the case again, and tells what changed since it was last here. */
  async function refresh() {
    let asked: number;
    let after: Case;
    do {
      asked = taken;
      after = await ask(() => server.GET('/review/applications/{id}', { params: path }));
    } while (asked !== taken);
    taken++;
    const before = file.value;
    if (before && before.revision !== after.revision)
      changed.value = [...new Set([...changed.value, ...changedItems(before, after)])];
    file.value = after;
  }

  async function claim(takeOver = false) {
    refused.value = undefined;
    try {
      const body = takeOver ? { take_over: true } : {};
      put(await ask(() => server.POST('/review/applications/{id}/lease', { params: path, body })));
    } catch (error) {
      refused.value = problemFrom(error);
      await refresh();
    }
  }

  /** So that a colleague need not wait; at the worst the lease ends by itself. */
  async function release() {
    if (!mine.value) return;
    const gone = askOnce(() => server.DELETE('/review/applications/{id}/lease', { params: path, keepalive: true })).catch(() => {});
    await Promise.race([gone, new Promise((resolve) => { setTimeout(resolve, 2000); })]);
  }

  async function load() {
    loading.value = true;
    problem.value = undefined;
    try {
      await refresh();
      if (waiting.value && (!lease.value || lease.value.mine)) await claim();
    } catch (error) {
      problem.value = problemFrom(error);
    } finally {
      loading.value = false;
    }
  }

  /** Judges an item of the revision that is shown. What has changed meanwhile is fetched, and the refusal goes on. */
  async function judge(item: string, opinion: { outcome: 'pass' | 'fail'; reasons: string[]; note: string | null }) {
    const body = { ...opinion, revision: file.value?.revision };
    const asked = taken;
    const send = () => ask(() =>
      server.PUT('/review/applications/{id}/items/{item}', { params: { path: { id, item } }, body }));
    try {
      const { items, lease: renewed } = await send().catch(async (error) => {
        if (!(error instanceof Problem) || error.code !== 'review.lease_needed') throw error;
        await claim(); // it had run out, and nobody has taken it
        return send();
      });
      if (asked === taken) put({ items, lease: renewed });
      else await refresh();
    } catch (error) {
      if (error instanceof Problem && (error.status === 412 || error.status === 409)) await refresh();
      throw error;
    }
  }

  async function decide(outcome: 'approved' | 'rejected', note: string | null) {
    const { version } = file.value!;
    try {
      const decided = await ask(() => server.POST('/review/applications/{id}/decision', {
        params: { ...path, header: ifMatch(version) }, body: { outcome, note },
      }));
      await refresh();
      return decided;
    } catch (error) {
      if (error instanceof Problem && (error.status === 412 || error.status === 409)) await refresh();
      // Loaded again already, and what changed is told above.
      if (error instanceof Problem && error.status === 412) throw new Problem(412, error.code, t('review.not_sent'));
      throw error;
    }
  }

  // While somebody works here, what happens elsewhere is seen; an idle page neither asks nor keeps the lease.
  let active = Date.now();
  const work = () => { active = Date.now(); };
  const look = () => { if (!document.hidden && file.value && Date.now() - active < 2 * rest) refresh().catch(problemFrom); };
  const timer = setInterval(look, rest);
  document.addEventListener('keydown', work);
  document.addEventListener('pointerdown', work);
  document.addEventListener('visibilitychange', look);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('keydown', work);
    document.removeEventListener('pointerdown', work);
    document.removeEventListener('visibilitychange', look);
  });

  watch(language, () => refresh().catch(problemFrom));
  void load();
  return { file, problem, loading, load, refused, changed, lease, waiting, mine, claim, release, judge, decide };
}
