/** Repeats an action while a view is open and visible. */

/** Waits; ends early when the view is closed. */
export function pause(milliseconds, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/**
 * Repeats an action until the view is closed. A failure is shown, and the action is tried again;
 * a missing object or a rejected token ends the repetition.
 *
 * @param action returns true if it need not be repeated
 */
export async function repeat(milliseconds, signal, action) {
  const connection = document.getElementById('connection');
  while (!signal.aborted) {
    if (document.visibilityState === 'visible') {
      try {
        const isDone = await action();
        connection.textContent = '';
        if (isDone) {
          return;
        }
      } catch (failure) {
        if (signal.aborted || failure.status === 401 || failure.status === 404) {
          throw failure;
        }
        const text = `The server does not answer as expected: ${failure.message}`;
        if (connection.textContent !== text) {
          connection.textContent = text;
        }
      }
    }
    await pause(milliseconds, signal);
  }
}
