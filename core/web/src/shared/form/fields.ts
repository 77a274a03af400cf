// A plugin's own fields as a schema, so that they are asked for and read like all others. Every value is text.
import type { Schemas } from '../api.ts';
import type { Row } from './lists.ts';
import type { Schema, Values } from './schema.ts';

type Field = Schemas['Field'];

const schemaOf = ({ name, kind, choices, note }: Field): Schema => ({
  type: 'string',
  title: name,
  note: note ?? undefined,
  format: kind === 'date' ? 'date' : undefined,
  enum: kind === 'choice' ? choices : undefined,
});

export const fieldsSchema = (fields: Field[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(fields.map((field) => [field.id, schemaOf(field)])),
  required: fields.filter(({ required }) => required).map(({ id }) => id),
});

/** What stands in them, to be read. */
export const fieldsRows = (fields: Field[], values: Values | undefined): Row[] => fields
  .filter(({ id }) => values?.[id] !== undefined)
  .map(({ id, name }) => ({ name: id, label: name, text: String(values![id]) }));
