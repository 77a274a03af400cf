// virtual:schema/<Name>: one schema of schemas/openapi.json with what it refers to put in its place. Forms are drawn from
// these, so that a new field, choice or limit of the API appears in the pages by itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const path = join(import.meta.dirname, '..', '..', '..', 'schemas', 'openapi.json');

function resolved(value: unknown, components: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, components));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return resolved(components[String(value.$ref).split('/').pop()!], components);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, components)]));
}

export function schemas(): Plugin {
  const prefix = 'virtual:schema/';
  return {
    name: 'schemas',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const components = JSON.parse(readFileSync(path, 'utf8')).components.schemas;
      const name = id.slice(prefix.length + 1);
      if (!components[name]) this.error(`schemas/openapi.json has no schema ${name}`);
      this.addWatchFile(path);
      return `export default ${JSON.stringify(resolved(components[name], components))}`;
    },
  };
}
