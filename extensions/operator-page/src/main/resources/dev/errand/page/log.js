/** The live log of a run. */

import { frames } from './api.js';
import { element, longText, MAX_SHOWN, time, words } from './dom.js';
import { pause } from './polling.js';

/** Bounds of what the page keeps; older entries are removed. */
const MAX_ENTRIES = 2_000;
const MAX_CHARACTERS = 4_000_000;

const PAGE = 1_000;

/** A message of the agent, a tool call, a line of the console, or JSON of another kind. */
export function described(entry) {
  const notification = entry?.notification;
  const parameters = notification?.params;
  const update = parameters?.update;
  if (notification?.method === 'session/update' && typeof update?.sessionUpdate === 'string') {
    return { kind: update.sessionUpdate.replaceAll('_', ' '), text: updateText(update) };
  }
  if (notification?.method === '_posthog/console') {
    return { kind: `console ${parameters?.level ?? ''}`, text: textOf(parameters?.message) };
  }
  const kind = notification?.method ?? entry?.type ?? 'entry';
  return { kind: String(kind), text: textOf(parameters ?? notification?.result ?? entry) };
}

function updateText(update) {
  const parts = [];
  if (update.title) {
    parts.push(textOf(update.title));
  }
  if (update.status) {
    parts.push(`[${textOf(update.status)}]`);
  }
  if (update.rawInput) {
    parts.push(textOf(update.rawInput));
  }
  for (const step of Array.isArray(update.entries) ? update.entries : []) {
    parts.push(`[${textOf(step?.status)}] ${textOf(step?.content)}`);
  }
  for (const block of [update.content].flat()) {
    const text = block?.text ?? block?.content?.text;
    if (typeof text === 'string') {
      parts.push(text);
    } else if (block) {
      parts.push(textOf(block));
    }
  }
  return parts.length > 0 ? parts.join('\n') : textOf(update);
}

function textOf(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

/** The list of entries. It follows the end unless the user scrolls away from it. */
class LogList {
  #box;
  #note;
  #lengths = [];
  #characters = 0;
  #waiting = [];
  #removed = 0;

  constructor(box, note) {
    this.#box = box;
    this.#note = note;
    box.replaceChildren();
  }

  /** Adds entries with the next frame that the browser draws. */
  add(entries) {
    if (this.#waiting.length === 0 && entries.length > 0) {
      setTimeout(() => this.#show(), 50);
    }
    this.#waiting.push(...entries.map(entry => {
      const { kind, text } = described(entry);
      return { kind, text: text.slice(0, MAX_SHOWN + 1), at: entry?.timestamp };
    }));
    if (this.#waiting.length > MAX_ENTRIES) {
      this.#removed += this.#waiting.length - MAX_ENTRIES;
      this.#waiting.splice(0, this.#waiting.length - MAX_ENTRIES);
    }
  }

  skipped(count) {
    this.#removed += count;
    this.#describe();
  }

  #show() {
    const box = this.#box;
    const follows = box.scrollTop + box.clientHeight >= box.scrollHeight - 40;
    const added = document.createDocumentFragment();
    for (const { kind, text, at } of this.#waiting) {
      added.append(element('article', {},
        element('p', { class: 'head' }, time(at), ' ', words(kind, 60)),
        longText(text)));
      this.#lengths.push(text.length);
      this.#characters += text.length;
    }
    this.#waiting = [];
    box.append(added);
    while (this.#lengths.length > MAX_ENTRIES
        || (this.#characters > MAX_CHARACTERS && this.#lengths.length > 1)) {
      this.#characters -= this.#lengths.shift();
      this.#removed++;
      box.firstElementChild.remove();
    }
    this.#describe();
    if (follows) {
      box.scrollTop = box.scrollHeight;
    }
  }

  #describe() {
    const shown = this.#lengths.length.toLocaleString();
    this.#note.textContent = this.#removed === 0
      ? `${shown} entries.`
      : `The last ${shown} entries; ${this.#removed.toLocaleString()} earlier ones are not shown.`;
  }
}

/**
 * Shows the end of the log and follows it until the run has ended: by the event stream, or by
 * polling if the server has none.
 *
 * @param onState called with the states of the run that the stream contains
 */
export async function followLog({ api, task, run, box, note, hasEnded, onState, signal }) {
  const list = new LogList(box, note);
  let next = 0;
  const readPages = async () => {
    for (;;) {
      const { entries, total } = await api.log(task, run, next, PAGE, signal);
      list.add(entries);
      next += entries.length;
      if (entries.length < PAGE || next >= total) {
        return;
      }
    }
  };
  let canStream = true;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      if (isFirst) {
        const { total } = await api.log(task, run, 0, 1, signal);
        next = Math.max(0, total - MAX_ENTRIES);
        list.skipped(next);
        isFirst = false;
      }
      const isLast = hasEnded();
      await readPages();
      if (isLast) {
        return;
      }
      if (canStream) {
        canStream = await readStream();
        continue;
      }
    } catch (failure) {
      if (signal.aborted || failure.status === 401 || failure.status === 404) {
        throw failure;
      }
    }
    await pause(1_500, signal);
  }

  /** Reads one stream to its end, and returns whether it makes sense to open another one. */
  async function readStream() {
    const cursor = next > 0 ? `log-${next - 1}` : null;
    const response = await api.stream(task, run, cursor, signal);
    const type = response.headers.get('Content-Type') ?? '';
    if (!response.ok || !type.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return false;
    }
    for await (const { event, id, data } of frames(response.body)) {
      if (event === 'error') {
        await pause(3_000, signal);
        return true;
      }
      if (event !== 'message') {
        continue;
      }
      const value = JSON.parse(data);
      if (id !== undefined) {
        list.add([value]);
        next++;
      } else if (value?.type === 'task_run_state') {
        onState(value);
      }
    }
    await pause(1_000, signal);
    return true;
  }
}
