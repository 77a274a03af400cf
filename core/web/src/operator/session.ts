// Which operator is signed in. The session itself is a cookie that no script can read.
import { shallowRef } from 'vue';
import { askOnce, Problem, server, type Schemas } from '../shared/api.ts';

export const session = shallowRef<Schemas['Session']>();

export async function sessionBegin() {
  session.value = await askOnce(() => server.GET('/operator/session'));
}

export async function sessionLoad() {
  try {
    await sessionBegin();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    session.value = undefined;
  }
}

export async function sessionEnd() {
  await askOnce(() => server.DELETE('/operator/session'));
  session.value = undefined;
}
