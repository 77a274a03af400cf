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

export function draftOf(owner: string, name: string): unknown {
  const text = localStorage.getItem(keyOf(owner, name));
  return text ? (JSON.parse(text) as Kept).values : undefined;
}

export function draftDrop(owner: string, name: string) {
  localStorage.removeItem(keyOf(owner, name));
}

function expired(key: string): boolean {
  const text = localStorage.getItem(key);
  return !text || (JSON.parse(text) as Kept).at + life < Date.now();
}

export function draftsForget(whose: (owner: string) => boolean) {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(prefix) && (whose(key.slice(prefix.length).split(':')[0]) || expired(key)))
      localStorage.removeItem(key);
}
