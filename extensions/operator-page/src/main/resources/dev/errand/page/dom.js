/**
 * Building blocks of the page. Everything that the server returns becomes a text node; no function
 * here parses markup.
 */

/** How much of a text is shown at first, with each press of the button, and at most. */
const FIRST_PART = 2_000;
const NEXT_PART = 20_000;
export const MAX_SHOWN = 200_000;

/** Terminal control sequences, such as colours. */
const TERMINAL = /\u001b\[[0-9;:?]*[A-Za-z]/g;

/** Control characters, and those that change the direction of the text around them. */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Returns a text in which nothing is hidden: control characters are replaced by their codes. */
export function visible(text) {
  return text
    .replace(TERMINAL, '')
    .replace(/\r\n?/g, '\n')
    .replace(INVISIBLE, character =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Creates an element. Children that are strings become text; null and undefined are left out. */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) {
      created.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      created.setAttribute(key, value);
    }
  }
  created.append(...children.filter(child => child !== null && child !== undefined));
  return created;
}

/** A short text of a user or an agent, isolated from the direction of the text around it. */
export function words(text, limit = 300) {
  const value = String(text ?? '');
  const shown = value.length > limit ? `${value.slice(0, limit)}…` : value;
  return element('bdi', {}, visible(shown));
}

export function button(label, action, attributes = {}) {
  const created = element('button', { type: 'button', ...attributes }, label);
  created.addEventListener('click', action);
  return created;
}

/** A text of any length. Only its beginning is shown until the user asks for more. */
export function longText(text) {
  const value = String(text ?? '');
  const pre = element('pre', { dir: 'auto' });
  if (value.length <= FIRST_PART) {
    pre.append(visible(value));
    return pre;
  }
  let end = 0;
  const grow = size => {
    const part = value.slice(end, Math.min(end + size, MAX_SHOWN));
    pre.append(visible(part));
    end += part.length;
    const all = value.length.toLocaleString();
    if (end >= MAX_SHOWN && end < value.length) {
      more.replaceWith(
        element('p', { class: 'faint' }, `The rest of ${all} characters is not shown here.`));
    } else if (end >= value.length) {
      more.remove();
    } else {
      more.textContent = `Show more (${end.toLocaleString()} of ${all} characters)`;
    }
  };
  const more = button('', () => grow(NEXT_PART), { class: 'more' });
  const whole = element('div', {}, pre, more);
  grow(FIRST_PART);
  return whole;
}

export function time(text) {
  const date = new Date(text);
  if (!text || Number.isNaN(date.getTime())) {
    return null;
  }
  const shown = date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return element('time', { datetime: date.toISOString(), title: date.toISOString() }, shown);
}

export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function size(bytes) {
  if (typeof bytes !== 'number') {
    return '';
  }
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

const STATUSES = ['not_started', 'queued', 'in_progress', 'completed', 'failed', 'cancelled'];

export function status(value) {
  if (!STATUSES.includes(value)) {
    return element('span', { class: 'faint' }, 'no run');
  }
  return element('span', { class: `status ${value}` }, value.replace('_', ' '));
}

/** A list of names and values. Rows without a value are left out. */
export function facts(rows) {
  const list = element('dl');
  for (const [name, value] of rows) {
    if (value !== null && value !== undefined && value !== '') {
      list.append(element('dt', {}, name), element('dd', {}, value));
    }
  }
  return list;
}

/** A table; columns are [title, class] and rows are lists of cells. */
export function table(caption, columns, rows) {
  const cell = (name, index, attributes, content) =>
    element(name, { class: columns[index][1], ...attributes }, content);
  return element('table', {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {},
      ...columns.map(([title], index) => cell('th', index, { scope: 'col' }, title)))),
    element('tbody', {},
      ...rows.map(row => element('tr', {},
        ...row.map((content, index) => cell('td', index, {}, content ?? ''))))));
}

/**
 * A part of a view that is rendered again only when its value changes. An element with a
 * `data-key` keeps the focus.
 */
export function part(container, render) {
  let last;
  return value => {
    const now = JSON.stringify(value ?? null);
    if (now === last) {
      return;
    }
    last = now;
    const focused = container.contains(document.activeElement)
      ? document.activeElement.dataset.key
      : undefined;
    container.replaceChildren(...[render(value)].flat().filter(Boolean));
    if (focused) {
      [...container.querySelectorAll('[data-key]')]
        .find(each => each.dataset.key === focused)?.focus();
    }
  };
}

/** Tells a screen reader something that happened without an action of the user. */
export function announce(text) {
  document.getElementById('announcement').textContent = text;
}

/** Asks for a confirmation and returns whether it was given. */
export function confirmed(question, label) {
  return new Promise(resolve => {
    const answer = value => () => dialog.close(value);
    const dialog = element('dialog', { 'aria-labelledby': 'question' },
      element('p', { id: 'question' }, question),
      element('div', { class: 'bar' },
        button(label, answer('yes'), { class: 'primary' }),
        button('Back', answer(''))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
