/** Entry point: signing in, and the view for the address after `#`. */

import { Api, ApiError } from './api.js';
import { element, visible } from './dom.js';
import { queueView } from './queue-view.js';
import { runView } from './run-view.js';
import { taskView } from './task-view.js';
import { tasksView } from './tasks-view.js';

const ID = '([0-9a-f-]{36})';
const ROUTES = [
  [/^#\/tasks(?:\?(.*))?$/, tasksView],
  [new RegExp(`^#/tasks/${ID}$`), taskView],
  [new RegExp(`^#/tasks/${ID}/runs/${ID}$`), runView],
  [/^#\/queue$/, queueView],
];

const signIn = document.getElementById('sign-in');
const problem = document.getElementById('sign-in-problem');
const navigation = document.getElementById('navigation');
const view = document.getElementById('view');

let api = null;
let allowsActions = false;
let closing = new AbortController();

function signOut(reason = '') {
  api = null;
  closing.abort();
  view.replaceChildren();
  document.getElementById('connection').textContent = '';
  navigation.hidden = true;
  signIn.hidden = false;
  problem.textContent = reason;
  document.title = 'Sign in – Errand';
  document.getElementById('token').focus();
}

function show() {
  if (api === null) {
    return;
  }
  closing.abort();
  closing = new AbortController();
  const { signal } = closing;
  const hash = location.hash === '' || location.hash === '#' ? '#/tasks' : location.hash;
  document.getElementById('connection').textContent = '';
  for (const link of navigation.querySelectorAll('a')) {
    const isCurrent = hash.startsWith(link.hash);
    isCurrent ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  const container = element('div');
  const context = {
    api,
    allowsActions,
    container,
    signal,
    /** Sets the title of the view, and moves the focus to it when the view is opened. */
    title: (text, heading) => {
      document.title = `${visible(text).slice(0, 200)} – Errand`;
      heading.setAttribute('tabindex', '-1');
      heading.focus();
    },
    guard: promise => promise.catch(failure => failed(failure, container, signal)),
  };
  for (const [pattern, open] of ROUTES) {
    const match = pattern.exec(hash);
    if (match) {
      view.replaceChildren(container);
      open(context, ...match.slice(1));
      return;
    }
  }
  location.hash = '#/tasks';
}

function failed(failure, container, signal) {
  if (signal.aborted) {
    return;
  }
  if (failure instanceof ApiError && failure.status === 401) {
    signOut('The token is not accepted any more.');
    return;
  }
  closing.abort();
  const text = failure instanceof ApiError ? failure.message : `Error: ${failure.message}`;
  container.replaceChildren(
    element('h1', {}, failure.status === 404 ? 'Not found' : 'This cannot be shown'),
    element('p', { class: 'problem', role: 'alert' }, visible(text)));
}

document.getElementById('sign-in-form').addEventListener('submit', async event => {
  event.preventDefault();
  const { project, token } = event.target.elements;
  const candidate = new Api(project.value, token.value.trim());
  problem.textContent = '';
  try {
    await candidate.tasks({ limit: '1' });
    const options = await fetch('options.json', { cache: 'no-store' });
    allowsActions = (await options.json()).actions === true;
  } catch (failure) {
    problem.textContent = failure.status === 401
      ? 'The token is not valid.'
      : `Cannot sign in: ${failure.message}`;
    return;
  }
  token.value = '';
  api = candidate;
  signIn.hidden = true;
  navigation.hidden = false;
  show();
});

document.getElementById('sign-out').addEventListener('click', () => signOut());
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  document.getElementById('main').focus();
});
window.addEventListener('hashchange', show);
signOut();
