// A topic as one reads it, and what of it reads otherwise on the server.
import details from 'virtual:schema/Details';
import { fieldsRows } from '../shared/form/fields.ts';
import { blocksOf, rowsOf, type Block, type Row } from '../shared/form/lists.ts';
import { labelOf, type Values } from '../shared/form/schema.ts';
import { say, t } from '../shared/language.ts';
import type { Plan, Topic } from './application.ts';

/** `values` in the shape in which the topic is sent. */
export function topicBlocks(topic: Topic, values: Values | undefined, plan: Plan | undefined): Block[] {
  if (!values) return [];
  const plain = (rows: Row[]) => [{ title: '', pointer: `/${topic}`, rows }];
  const one = (text: string) => plain(values[topic] === undefined ? [] : [{ name: topic, label: labelOf('topics', topic), text }]);
  if (topic === 'details') return plain(rowsOf('Details', details, values));
  if (topic === 'fields') return plain(fieldsRows(plan?.fields ?? [], values.fields as Values));
  if (topic === 'identity') return one(say(`option.${values.identity}`, String(values.identity)));
  if (topic === 'condition') return one(plan?.conditions.find((each) => each.id === values.condition)?.text ?? String(values.condition));
  return Object.entries(values).flatMap(([list, rows]) => blocksOf(list, (rows ?? []) as Values[]));
}

/** A row for each field that reads otherwise there, as it reads there. */
export function blocksDiffer(here: Block[], there: Block[]): Row[] {
  const rows = (blocks: Block[]) => new Map(blocks.flatMap(({ title, pointer, rows: all }) =>
    all.map(({ name, label, text }) => [`${pointer}/${name}`, { label: [title, label].filter(Boolean).join(' · '), text }])));
  const [before, after] = [rows(here), rows(there)];
  return [...new Map([...after, ...before]).keys()]
    .filter((name) => before.get(name)?.text !== after.get(name)?.text)
    .map((name) => ({ name, label: (after.get(name) ?? before.get(name))!.label, text: after.get(name)?.text ?? t('topic.empty') }));
}
