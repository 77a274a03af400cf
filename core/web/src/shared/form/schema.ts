// What a form has to know of a JSON Schema: which fields there are, how each is asked for, what is still missing or malformed. Whatever
// else a schema says, the server checks, in its own words.
import { say, t, te } from '../language.ts';
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
  pattern?: string;
  'x-shape'?: string; // the pattern's name in the texts
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

function malformed(schema: Schema, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const least = schema.minLength ?? 0;
  if ([...value.trim()].length < least) return t('form.short', { least });
  const shape = `form.shape.${schema['x-shape']}`;
  return schema.pattern && te(shape) && !new RegExp(schema.pattern, 'u').test(value) ? t(shape) : undefined;
}

function lacking(schema: Schema, value: unknown, required: boolean): string | undefined {
  if (!empty(value)) return malformed(schema, value);
  return required ? t(kindOf(schema) === 'choice' ? 'form.choose' : 'form.required') : undefined;
}

/** The required fields that are empty, and what is malformed, at once, in the form's order: without these the server would not come to its rules. */
export function missing(schema: Schema, values: Values, pointer = ''): Faults {
  const faults: Faults = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const fault = lacking(field, values[name], schema.required?.includes(name) ?? false);
    if (fault) faults[`${pointer}/${name}`] = fault;
  }
  return faults;
}

/** A value as one reads it. */
export function valueText(name: string, schema: Schema, value: unknown, form: string): string {
  if (value === null) return nullOf(form, name);
  if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no');
  return kindOf(schema) === 'choice' ? choiceText(name, value) : String(value);
}
