// Who of the staff is signed in, and what their roles are. The session itself is a cookie that no script can read.
import { shallowRef } from 'vue';
import { askOnce, Problem, server, type Schemas } from '../shared/api.ts';
import { draftsForget } from '../shared/drafts.ts';

export type Role = Schemas['Role'];

export const session = shallowRef<Schemas['Session']>();
/** Why it could not be asked who is signed in: that is no reason to ask for a password. */
export const unknown = shallowRef<Problem>();

export const hasOneOf = (roles: Role[]) => session.value?.roles.some((role) => roles.includes(role)) ?? false;

/** Where no answer comes, what was known stands. */
export async function sessionLoad() {
  try {
    const found = await askOnce(() => server.GET('/session'));
    session.value = found.kind === 'staff' ? found : undefined;
    unknown.value = undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    unknown.value = error.status === 401 ? undefined : error;
    if (!unknown.value) session.value = undefined;
  }
}

/** After signing in. What another person left in this browser is not for the one who signs in now. */
export async function sessionBegin() {
  await sessionLoad();
  if (unknown.value) session.value = undefined; // it may be another one's
  const owner = session.value?.id;
  if (owner) draftsForget((other) => other !== owner);
}

export async function sessionEnd() {
  await askOnce(() => server.DELETE('/session'));
  session.value = undefined;
  draftsForget(() => true);
}
