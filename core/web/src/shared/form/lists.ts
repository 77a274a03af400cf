// The lists of the form, and how what stands in a form reads: blocks of label and value.
import certificates from 'virtual:schema/Certificates';
import work from 'virtual:schema/Work';
import { t } from '../language.ts';
import { labelOf, valueText, type Schema, type Values } from './schema.ts';

/** Every list that the API takes, by name, with the schema of a row. */
export const lists: Record<string, Schema> = { ...certificates.properties, ...work.properties };

/** The topic of the API that a list is sent with. */
export const topicOf = (list: string) => (list in work.properties! ? 'work' : 'certificates');

export interface Row { name: string; label: string; text: string }
export interface Block { title: string; pointer: string; rows: Row[] }

export const rowsOf = (form: string, schema: Schema, values: Values): Row[] =>
  Object.entries(schema.properties ?? {})
    .filter(([name]) => values[name] !== undefined)
    .map(([name, field]) => ({ name, label: labelOf(form, name, field), text: valueText(name, field, values[name], form) }));

/** A block for each row of a list. */
export const blocksOf = (list: string, rows: Values[]): Block[] => rows.map((row, index) => ({
  title: t('form.row', { what: labelOf('lists', list), number: index + 1 }),
  pointer: `/${list}/${index}`,
  rows: rowsOf(list, lists[list].items as Schema, row),
}));
