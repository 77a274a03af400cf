// Where these pages lie: below /t/<centre>/, or at the root of a centre's own host.
export const base = /^\/t\/[^/]+\//.exec(location.pathname)?.[0] ?? '/';
export const api = `${base}api/v1`;
