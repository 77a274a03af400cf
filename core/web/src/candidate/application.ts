// One application and its plan, as the pages about it share them: which topics there are, what is done, what is open.
import { computed, shallowRef } from 'vue';
import { ask, ifMatch, Problem, server, type Schemas } from '../shared/api.ts';
import { useLoad } from '../shared/load.ts';
import { asksFor } from './facts.ts';

export type Application = Schemas['Application'];
export type Plan = Schemas['Plan'];

const path = (id: string) => ({ path: { id } });

export const applicationGet = (id: string) => ask(() => server.GET('/applications/{id}', { params: path(id) }));

export function useApplication(id: string) {
  const application = shallowRef<Application>();
  const plan = shallowRef<Plan>();
  const { problem, loading, load } = useLoad(async () => {
    const found = await applicationGet(id);
    if (!plan.value) plan.value = await ask(() => server.GET('/plans/{id}', { params: path(found.plan_id) }));
    application.value = found;
  });
  const condition = computed(() => plan.value?.conditions.find((each) => each.id === application.value?.condition));
  return { application, plan, condition, problem, loading, load };
}

/** It has ended, or its plan takes nothing of it any more: nothing is filled in, uploaded or posted. */
export const isOver = ({ next_action: action }: Application) => action === 'none' || action === 'apply_again';

// ---- Topics ----

const putPaths = {
  details: '/applications/{id}/details',
  identity: '/applications/{id}/identity',
  condition: '/applications/{id}/condition',
  certificates: '/applications/{id}/certificates',
  work: '/applications/{id}/work',
  fields: '/applications/{id}/fields',
} as const;

export type Topic = keyof typeof putPaths;

/** Sends a topic as it was made from that version. */
export function topicPut(topic: Topic, id: string, version: number, body: unknown): Promise<Application> {
  // One call for all: what differs is the body, whose shape the topic's schema has given to the form.
  const put = putPaths[topic] as '/applications/{id}/details';
  return ask(() => server.PUT(put, { params: { ...path(id), header: ifMatch(version) }, body: body as Schemas['Details'] }));
}

export const isStale = (error: unknown) => error instanceof Problem && error.status === 412;

/** What the server has of a topic, in the shape in which it is sent; undefined if nothing. */
export function topicValues(application: Application, topic: Topic): Record<string, unknown> | undefined {
  const { form } = application;
  if (topic === 'details') return form.details;
  if (topic === 'identity') return application.identity ? { identity: application.identity } : undefined;
  if (topic === 'condition') return application.condition ? { condition: application.condition } : undefined;
  if (topic === 'work') return form.work ? { work: form.work } : undefined;
  if (topic === 'fields') return form.fields ? { fields: form.fields } : undefined;
  const { certificates, titles, diplomas, trainings } = form;
  return certificates || titles || diplomas || trainings ? { certificates, titles, diplomas, trainings } : undefined;
}

// ---- Tasks ----

type Closed = 'details_first' | 'later';
export type Task = { name: Topic | 'materials'; state: 'done' | 'wrong' | 'incomplete' | 'not_started' | 'optional' | Closed; open: boolean };

/** Something else comes first: personal details that are complete and right (S13), or the condition (S7). */
export const isClosed = ({ state }: Task) => state === 'details_first' || state === 'later';

/** `missing`: pointers of the preview's faults; `kept`: is something typed that the server does not have? */
export function tasksOf(application: Application, plan: Plan, missing: string[], kept: (topic: Topic) => boolean): Task[] {
  const condition = plan.conditions.find((each) => each.id === application.condition);
  const wanted = asksFor(condition?.requirement).lists;
  const lacks = (prefix: string) => missing.some((pointer) => pointer === prefix || pointer.startsWith(`${prefix}/`));

  const wrong = failedItems(application).filter((item) => !corrected(application, item.item)).map((item) => item.item);
  const topic = (name: Topic, pointers: string[]): Task => {
    const values = topicValues(application, name);
    const state = wrong.includes(name) ? 'wrong' : kept(name) ? 'incomplete' : !values ? 'not_started' : pointers.some(lacks) ? 'incomplete' : 'done';
    return { name, state, open: application.open_items.includes(name) };
  };
  const later = (task: Task): Task => (condition ? task : { ...task, state: 'later', open: false });

  const afterDetails = (task: Task): Task => (condition || application.form.details ? task : { ...task, state: 'details_first', open: false });
  const tasks = [topic('identity', ['/identity']), topic('details', ['/details']), afterDetails(topic('condition', ['/condition']))];
  if (!condition || wanted.some((list) => list !== 'work'))
    tasks.push(later(topic('certificates', ['/certificates', '/titles', '/diplomas', '/trainings'])));
  if (!condition || wanted.includes('work')) tasks.push(later(topic('work', ['/work'])));
  // Without one that is required it may be left alone.
  const fields = plan.fields ?? [];
  if (fields.length > 0) {
    const task = topic('fields', ['/fields']);
    const optional = task.state === 'not_started' && !fields.some(({ required }) => required);
    tasks.push(optional ? { ...task, state: 'optional' } : task);
  }

  const uploaded = application.materials.filter((each) => each.file).length;
  const wantedMaterials = application.materials.filter((each) => each.required && !each.file).length;
  tasks.push(later({
    name: 'materials',
    state: wrong.some((item) => item.startsWith('material:')) ? 'wrong' : wantedMaterials === 0 ? 'done' : uploaded === 0 ? 'not_started' : 'incomplete',
    open: application.open_items.some((item) => item.startsWith('material:')),
  }));
  return tasks;
}

// ---- Reasons ----

/** The reviewer's word on each item of the last decision, if it was a rejection that has not been answered, be it too late by now. */
export function failedItems(application: Application): Schemas['JudgedItem'][] {
  const last = application.decisions[0];
  if (!['rejected', 'expired'].includes(application.state) || last?.outcome !== 'rejected') return [];
  return last.items.filter((item) => item.outcome === 'fail');
}

/** Has this item been filled in or uploaded again since it was refused? A row to be considered: its topic tells. */
export const corrected = (application: Application, item: string) => application.answered_items.includes(item);

/** Where an item is corrected. */
export function placeOf(item: string, application: string) {
  const [kind, material] = item.split(':');
  if (kind === 'material') return { name: 'materials', params: { application }, hash: `#material-${material}` };
  return { name: 'topic', params: { application, topic: item } };
}
