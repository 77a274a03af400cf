// Whether one can apply to a plan, and applying for whoever has to sign in first.

/** Every place is taken; the public list may be a few seconds old. */
export const isFull = ({ places, places_taken: taken }: { places: number; places_taken: number }) => places > 0 && taken >= places;

const wish = 'kaowu.apply';

/** The query of a plan's page that applies by itself, for whoever has asked for it here and signs in before. */
export function applyLater(key: string) {
  sessionStorage.setItem(wish, key);
  return { apply: key };
}

/** Have they? Once: neither a link that somebody sent nor the way back asks for anything. */
export function isWished({ apply }: { apply?: unknown }) {
  const is = apply !== undefined && apply === sessionStorage.getItem(wish);
  if (is) sessionStorage.removeItem(wish);
  return is;
}
