// What has been typed and is not yet complete enough for the server: kept in this browser, so that neither a reload nor a
// dead battery nor an ended session loses it. Gone when the server has it, when its owner signs out, and after a week.
const prefix = 'kaowu.draft:';
const life = 7 * 24 * 60 * 60 * 1000;

type Kept = { at: number; values: unknown };

const keyOf = (owner: string, name: string) => `${prefix}${owner}:${name}`;

export function draftKeep(owner: string, name: string, values: unknown) {
  try {
    localStorage.setItem(keyOf(owner, name), JSON.stringify({ at: Date.now(), values } satisfies Kept));
  } catch {
    // No room, or no storage in a private window: the page itself still has it.
  }
}

// Nothing where there is no storage, or somebody else wrote there.
function read(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function draftOf(owner: string, name: string): unknown {
  return read(keyOf(owner, name))?.values;
}

function remove(key: string) {
  try {
    localStorage.removeItem(key);
  } catch {
    // There is none.
  }
}

export const draftDrop = (owner: string, name: string) => remove(keyOf(owner, name));

function keys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function expired(key: string): boolean {
  const kept = read(key);
  return !kept || !(kept.at + life >= Date.now());
}

export function draftsForget(whose: (owner: string) => boolean) {
  for (const key of keys())
    if (whose(key.slice(prefix.length).split(':')[0]) || expired(key)) remove(key);
}

/** What somebody has typed over `base`, over what is there now: of what they left alone, the newer. */
export function typedOver<Values extends object>(now: Values, base: Values, typed: Values): Values {
  const same = (name: keyof Values) => JSON.stringify(typed[name]) === JSON.stringify(base[name]);
  return Object.fromEntries((Object.keys({ ...now, ...typed }) as (keyof Values)[]).map((name) => [name, same(name) ? now[name] : typed[name]])) as Values;
}
