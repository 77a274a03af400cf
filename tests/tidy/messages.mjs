// The codes in the source and the texts for people in schemas/messages/ are held against each other.

const code = /^[a-z]+(_[a-z]+)*\.[a-z0-9_]+(\.[a-z0-9_]+)*$/;
const fileName = /\.(html|json|jsonl|pdf|zip|db|so|h)$/;

// Words of these are not for people: events of the log, actions of the audit log.
const otherWords = /^(log_event|audit_append)$/;

// Those that fill an error: a code at this place, and behind it names and values in turn where there are any.
const refusals = { fail: 2, trouble: 2, fault_add: 2 };

const parametersOf = (text) => new Set([...text.matchAll(/\{(\w+)(?::\w+)?\}/g)].map((match) => match[1]));
const unquoted = (word) => /^"([^"]*)"$/.exec(word ?? '')?.[1];

function catalogue(files) {
  const entries = new Map();
  const areas = new Set();
  for (const file of files.filter((each) => /^schemas\/messages\/\w+\.json$/.test(each.path))) {
    const area = /(\w+)\.json$/.exec(file.path)[1];
    areas.add(area);
    for (const [name, texts] of Object.entries(JSON.parse(file.text))) entries.set(name, { file, area, texts });
  }
  return { entries, areas, names: [...entries.keys()] };
}

function* entryFaults(name, { file, area, texts }) {
  const at = file.text.indexOf(`"${name}"`);
  const [zh, en] = [texts.zh, texts.en];
  if (!name.startsWith(`${area}.`)) yield { file, at, what: `${name} does not belong to ${area}.json` };
  if (!zh || !en) return yield { file, at, what: `${name} needs zh and en` };
  const [left, right] = [parametersOf(zh), parametersOf(en)];
  for (const each of [...left, ...right])
    if (!left.has(each) || !right.has(each))
      yield { file, at, what: `${name} speaks of {${each}} in one language only` };
}

// What a schema's pattern is for people has a text, and no text is there for nothing.
function* shapeFaults(files, entries) {
  const told = new Set();
  for (const file of files.filter((each) => /^schemas\/[\w.-]+\.json$/.test(each.path))) {
    for (const match of file.text.matchAll(/"x-shape": "(\w+)"/g)) {
      told.add(`schema.pattern.${match[1]}`);
      if (!entries.has(`schema.pattern.${match[1]}`))
        yield { file, at: match.index, what: `schema.pattern.${match[1]} has no text in schemas/messages` };
    }
  }
  for (const [name, { file }] of entries)
    if (name.startsWith('schema.pattern.') && !told.has(name))
      yield { file, at: file.text.indexOf(`"${name}"`), what: `${name} is no schema's x-shape` };
}

// Names of the parameters that a call gives, or null where they cannot be told from the source.
function namesGiven(words) {
  const names = words.slice(3, -1).filter((_, index) => index % 2 === 0).map(unquoted);
  return words.at(-1) === 'NULL' && !names.includes(undefined) ? new Set(names) : null;
}

function* callFaults(file, entries) {
  for (const { name, words, at } of file.c.calls(Object.keys(refusals))) {
    const entry = entries.get(unquoted(words[refusals[name]]));
    const given = name === 'trouble' ? new Set() : namesGiven(words);
    if (!entry || !given) continue;
    for (const each of parametersOf(entry.texts.zh ?? ''))
      if (!given.has(each))
        yield { file, at, what: `${unquoted(words[2])} speaks of {${each}}, which is not given here` };
  }
}

// What a literal can name: a code, the beginning of some ("eligibility.rank", then "_" and more), or, with a conversion
// of printf's, whatever that may become.
function codesNamed(value, names) {
  if (!/^[a-z_.]+(%[a-z])?$/.test(value) || value.length < 4) return [];
  const shape = new RegExp(`(^|\\.)${value.replaceAll('.', '\\.').replace(/%[a-z]/, '[\\w.-]+')}(_\\w+)?$`);
  return names.filter((name) => shape.test(name));
}

const isCode = ({ value, call }) => code.test(value) && !fileName.test(value) && !otherWords.test(call);

// {faults, unused}: what is wrong, and the codes that nothing in core/ seems to use.
export function checkMessages(files) {
  const { entries, areas, names } = catalogue(files);
  const faults = [];
  const used = new Set();
  for (const [name, entry] of entries) faults.push(...entryFaults(name, entry));
  faults.push(...shapeFaults(files, entries));
  for (const file of files.filter((each) => each.c && each.path.startsWith('core/'))) {
    for (const literal of file.c.literals) {
      const named = codesNamed(literal.value, names);
      const inSql = [...literal.value.matchAll(/'([^']+)'/g)].flatMap(([, value]) => codesNamed(value, names));
      for (const name of [...named, ...inSql]) used.add(name);
      if (isCode(literal) && areas.has(literal.value.split('.')[0]) && named.length === 0)
        faults.push({ file, at: literal.at, what: `${literal.value} has no text in schemas/messages` });
    }
    faults.push(...callFaults(file, entries));
  }
  return { faults, unused: names.filter((name) => !used.has(name)) };
}
