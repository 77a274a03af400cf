// Waiting for what comes by itself: no longer than it takes, and as long as a busy machine may need.
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The first something that `ask` gives. What did not come in time is told by the error: `what`, or what that then gives.
export async function eventually(what, ask, { every = 25, within = 60000 } = {}) {
  for (const end = Date.now() + within; Date.now() < end; await pause(every)) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error(`it never came: ${typeof what === 'function' ? await what() : what}`);
}
