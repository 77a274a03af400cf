// What openapi.json lets anybody send: values drawn from a schema, most of them right, and what has been seen in answers before.
import { openapi } from './client.mjs';

const texts = ['张三', '北京市海淀区示例路1号', 'a', '', ' ', '𠮷𠀀', 'e\u0301', '\u200b', '"\\/\b', "'; DROP TABLE plan; --", '%', '0', '😀', '2026-12-01', 'null'];

// One text for each pattern of the schemas.
const samples = {
  '^"[0-9]+"$': '"1"',
  '^(W/)?"[0-9]+"$': '"1"',
  '^[0-9+ -]{5,20}$': '010-00000000',
  '^[0-9](-[0-9]{2}){3}$': '4-02-06-05',
  '^[0-9]{1,4}([.][0-9]{1,4}){2}$': '1.0.0',
  '^[0-9]{12}$': '260001000017',
  '^[0-9]{6}$': '123456',
  '^[0-9a-f]{64}$': 'ab'.repeat(32),
  '^[1-9][0-9]$': '20',
  '^[1-9][0-9]{0,5}$': '3',
  '^[A-Z2-7]{32}$': 'A'.repeat(32),
  '^[^@\\s]+@[^@\\s]+$': 'nobody@centre.example',
  '^[a-z2-7]{4}(-[a-z2-7]{4}){5}$': 'abcd-abcd-abcd-abcd-abcd-abcd',
};

export class Anything {
  constructor(random) {
    Object.assign(this, { random, seen: new Map() });
  }

  chance(share) { return this.random.between(0, 1) < share; }

  // Values of answers, by the name of their member.
  note(value, name = '') {
    if (Array.isArray(value)) value.forEach((each) => this.note(each, name));
    else if (value && typeof value === 'object') Object.entries(value).forEach(([key, each]) => this.note(each, key));
    else if (typeof value === 'string' && value.length < 100) {
      const known = this.seen.get(name) ?? [];
      if (!known.includes(value)) this.seen.set(name, [...known, value].slice(-40));
    }
  }

  seenAs(...names) {
    const known = names.flatMap((name) => this.seen.get(name) ?? []);
    return known.length ? this.random.pick(known) : undefined;
  }

  text(schema, name) {
    const known = this.seenAs(name, ...(name.endsWith('_id') ? ['id'] : []));
    if (known !== undefined && this.chance(0.7)) return known;
    if (schema.pattern && this.chance(0.9)) return samples[schema.pattern] ?? `a${Math.floor(this.random.between(10, 99))}`;
    if (schema.format === 'uuid') return crypto.randomUUID();
    if (schema.format === 'date') return this.random.pick(['2020-05-01', '2026-11-24', '1990-03-07', '2024-02-29']);
    if (schema.format === 'date-time') return this.random.pick(['2026-11-24T09:00:00+08:00', '2027-01-01T00:00:00Z', '1969-12-31T23:59:59Z']);
    if (schema.format === 'year-month') return this.random.pick(['2020-06', '2026-11', '1999-12']);
    if (this.chance(0.02)) return '长'.repeat(schema.maxLength ? schema.maxLength + 1 : 5000);
    return this.random.pick(texts).padEnd(schema.minLength ?? 0, '字');
  }

  number({ minimum = 0, maximum = 100000 }) {
    return this.random.pick([minimum, maximum, Math.floor(this.random.between(minimum, maximum)), minimum - 1, 68000]);
  }

  list({ items = {}, minItems = 0, maxItems = 4 }, name) {
    const length = Math.floor(this.random.between(minItems, Math.min(maxItems, minItems + 3) + 1));
    return Array.from({ length }, () => this.value(items, name));
  }

  object({ properties = {}, required = [] }) {
    const made = {};
    for (const [name, schema] of Object.entries(properties))
      if (required.includes(name) ? this.chance(0.98) : this.chance(0.6)) made[name] = this.value(schema, name);
    if (this.chance(0.01)) made.nobody_knows_this = true;
    return made;
  }

  value(schema, name = '') {
    if (this.chance(0.01)) return this.random.pick([null, 0, '', [], {}, true, -1e300]);
    if (schema.$ref) return this.value(schema.$ref.slice(2).split('/').reduce((at, part) => at[part], openapi), name);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => this.value(each, name)));
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return this.value(this.random.pick(choices), name);
    if ('const' in schema) return schema.const;
    if (schema.enum) return this.random.pick(schema.enum);
    switch (Array.isArray(schema.type) ? this.random.pick(schema.type) : schema.type ?? (schema.properties ? 'object' : 'string')) {
      case 'object': return this.object(schema);
      case 'array': return this.list(schema, name);
      case 'integer': case 'number': return this.number(schema);
      case 'boolean': return this.chance(0.5);
      case 'null': return null;
      default: return this.text(schema, name);
    }
  }

  // What a list has: {id} and the like below its path are mostly one of its rows.
  noteRows(path, body) {
    this.note(body);
    for (const row of Object.values(body ?? {}).filter(Array.isArray).flat()) {
      for (const key of ['id', 'number', 'slug', 'sha256', 'account_id'])
        if (row?.[key]) this.note(String(row[key]), `${key} of ${path}`);
    }
  }

  // What {id}, {number} or {material} of a path may be.
  parameter(name, path) {
    const list = path.slice(0, path.indexOf('/{'));
    const keys = { id: ['id'], number: ['number'], account: ['account_id'], slug: ['slug'], sha256: ['sha256'] }[name] ?? ['number', 'id'];
    const row = this.seenAs(...keys.map((key) => `${key} of ${list}`)) ?? this.seenAs(...keys.map((key) => `${key} of /applications`));
    const known = ['item', 'material'].includes(name) ? this.seenAs('material', 'item') : row ?? this.seenAs(name);
    return encodeURIComponent(known !== undefined && this.chance(0.9) ? known : this.random.pick(texts) || 'none');
  }

  target(path) { return path.replace(/\{(\w+)\}/g, (_, name) => this.parameter(name, path)); }
}
