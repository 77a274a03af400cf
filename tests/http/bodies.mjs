// The smallest valid body of a schema in schemas/openapi.json.
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openapi } from './client.mjs';

const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addFormat('year-month', /^\d{4}-(0[1-9]|1[0-2])$/);
ajv.addSchema({ $id: 'bodies', components: openapi.components });

// Texts to try where a schema asks for one; the first that is valid is taken.
const texts = ['placeholder', '000000', '11', '13900000000', '2020-01-01', '2020-01', 'nobody@kaowu.example', '1-01-01-01',
  '01900000-0000-7000-8000-000000000000'];

function text(schema) {
  const valid = ajv.compile(schema);
  const found = texts.find((each) => valid(each));
  assert.ok(found !== undefined, `no text for ${JSON.stringify(schema)}`);
  return found;
}

function valueOf(schema, given) {
  if (schema.$ref) return valueOf(openapi.components.schemas[schema.$ref.split('/').pop()], given);
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return valueOf(schema.anyOf[0], given);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return objectOf(schema, given);
  if (type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => valueOf(schema.items, given));
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  assert.equal(type, 'string', JSON.stringify(schema));
  return text(schema);
}

function objectOf(schema, given) {
  const object = {};
  for (const name of schema.required ?? []) object[name] = given[name] ?? valueOf(schema.properties[name], given);
  return object;
}

// `given`: values for members of these names, at any depth.
export function minimal(name, given = {}) {
  const body = valueOf({ $ref: `#/components/schemas/${name}` }, given);
  const valid = ajv.getSchema(`bodies#/components/schemas/${name}`);
  assert.ok(valid(body), `${name}: ${ajv.errorsText(valid.errors)}`);
  return body;
}
