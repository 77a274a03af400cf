// Which operator is signed in. The session itself is a cookie that no script can read.
import { shallowRef } from 'vue';
import { askOnce, Problem, server, type Schemas } from '../shared/api.ts';

export const session = shallowRef<Schemas['Session']>();
/** Why it could not be asked who is signed in: that is no reason to ask for a password. */
export const unknown = shallowRef<Problem>();

export async function sessionBegin() {
  session.value = await askOnce(() => server.GET('/operator/session'));
  unknown.value = undefined;
}

/** Where no answer comes, what was known stands. */
export async function sessionLoad() {
  try {
    await sessionBegin();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    unknown.value = error.status === 401 ? undefined : error;
    if (!unknown.value) session.value = undefined;
  }
}

export async function sessionEnd() {
  await askOnce(() => server.DELETE('/operator/session'));
  session.value = undefined;
}
