// What a form has to know of a JSON Schema: which fields there are, how each is asked for, what is still missing. Whatever
// else a schema says, the server checks, in its own words.
import { say, t } from '../language.ts';
import type { Faults } from './faults.ts';

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  note?: string; // said beside the field
  format?: string;
  enum?: (string | number | null)[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export type Values = Record<string, unknown>;
export type Kind = 'choice' | 'yes' | 'month' | 'date' | 'number' | 'line' | 'lines';

const isA = (schema: Schema, type: string) =>
  Array.isArray(schema.type) ? schema.type.includes(type) : schema.type === type;

export const nullable = (schema: Schema) => isA(schema, 'null');

// A number out of a handful is chosen, not typed.
const handful = (schema: Schema) =>
  isA(schema, 'integer') && schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum - schema.minimum < 12;

export function kindOf(schema: Schema): Kind {
  if (schema.enum || handful(schema)) return 'choice';
  if (isA(schema, 'boolean')) return 'yes';
  if (isA(schema, 'integer') || isA(schema, 'number')) return 'number';
  if (schema.format === 'year-month') return 'month';
  if (schema.format === 'date') return 'date';
  return (schema.maxLength ?? 0) > 120 ? 'lines' : 'line';
}

export function choicesOf(schema: Schema): (string | number)[] {
  if (schema.enum) return schema.enum.filter((each) => each !== null);
  const first = schema.minimum ?? 0;
  return Array.from({ length: (schema.maximum ?? first) - first + 1 }, (_, i) => first + i);
}

// ---- Words ----

/** `form` is the schema's name: "Details". A text for the form's own field comes before one for all fields so named. */
export const labelOf = (form: string, name: string, schema?: Schema) =>
  say(`field.${form}.${name}`, say(`field.${name}`, schema?.title ?? name));

export const hintOf = (form: string, name: string) => say(`hint.${form}.${name}`, say(`hint.${name}`, ''));

/** What null means there: "until now". */
export const nullOf = (form: string, name: string) => say(`null.${form}.${name}`, say(`null.${name}`, t('form.none')));

export const choiceText = (name: string, value: unknown) =>
  say(`option.${name}.${value}`, say(`option.${value}`, String(value)));

// ---- Values ----

const empty = (value: unknown) => value === undefined || (typeof value === 'string' && value.trim() === '');

/** What the server is sent: without what was left empty. */
export function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !empty(value)));
}

/** The required fields that are empty, in the form's order. */
export function missing(schema: Schema, values: Values, pointer = ''): Faults {
  const faults: Faults = {};
  for (const [name, field] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) && empty(values[name]))
      faults[`${pointer}/${name}`] = t(kindOf(field) === 'choice' ? 'form.choose' : 'form.required');
  return faults;
}

/** A value as one reads it. */
export function valueText(name: string, schema: Schema, value: unknown, form: string): string {
  if (value === null) return nullOf(form, name);
  if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no');
  return kindOf(schema) === 'choice' ? choiceText(name, value) : String(value);
}
