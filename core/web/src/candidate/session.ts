// Who is signed in. The session itself is a cookie that no script can read; a mark beside it tells whether it is worth
// asking the server at all.
import { shallowRef } from 'vue';
import { askOnce, Problem, server, type Schemas } from '../shared/api.ts';
import { draftsForget } from '../shared/drafts.ts';

const mark = 'kaowu.signed-in';

export const session = shallowRef<Schemas['Session']>();
/** Why it is not known who is signed in: that is no reason to ask for a password. */
export const unknown = shallowRef<Problem>();

export async function sessionLoad() {
  unknown.value = undefined;
  try {
    const found = await askOnce(() => server.GET('/session'));
    session.value = found.kind === 'candidate' ? found : undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    session.value = undefined;
    if (error.status === 401) localStorage.removeItem(mark);
    else unknown.value = error;
  }
}

export async function sessionStart() {
  if (localStorage.getItem(mark)) await sessionLoad();
}

/** After signing in or up. What another person left in this browser is not for the one who signs in now. */
export async function sessionBegin() {
  localStorage.setItem(mark, 'yes');
  await sessionLoad();
  const owner = session.value?.id;
  if (owner) draftsForget((other) => other !== owner);
}

export async function sessionEnd() {
  await askOnce(() => server.DELETE('/session'));
  localStorage.removeItem(mark);
  session.value = undefined;
  draftsForget(() => true);
}
