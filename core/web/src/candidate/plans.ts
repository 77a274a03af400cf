// What of a plan decides whether one can apply to it.

/** Every place is taken; the public list may be a few seconds old. */
export const isFull = ({ places, places_taken: taken }: { places: number; places_taken: number }) => places > 0 && taken >= places;
