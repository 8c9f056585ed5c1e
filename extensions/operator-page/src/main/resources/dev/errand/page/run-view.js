/** One run: its state and the reason for it, its history, artifacts and live log. */

import { ApiError } from './api.js';
import {
  announce, button, confirmed, duration, element, facts, longText, part, size, status, table, time,
  visible, words,
} from './dom.js';
import { followLog } from './log.js';
import { repeat } from './polling.js';

const OPEN = ['not_started', 'queued', 'in_progress'];

export function runView({ api, allowsActions, container, signal, title, guard }, task, run) {
  const heading = element('h1', {}, 'Run');
  const path = element('p', {}, element('a', { href: `#/tasks/${task}` }, 'Task'));
  const state = element('div');
  const actions = element('div', { class: 'bar' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const history = element('section', { 'aria-labelledby': 'history-title' });
  const artifacts = element('section', { 'aria-labelledby': 'artifacts-title' });
  const output = details('Output');
  const stateDocument = details('State document');
  const note = element('p', { class: 'faint' });
  const box = element('div',
    { id: 'log', class: 'box', role: 'region', 'aria-labelledby': 'log-title', tabindex: '0' });
  container.append(heading, path, state, actions, problem,
    element('h2', { id: 'log-title' }, 'Log'), note, box,
    element('p', {}, button('Download the whole log', () => attempt(async () =>
      save(await api.wholeLog(task, run), `run-${run}.jsonl`)))),
    artifacts, history, output.whole, stateDocument.whole);
  title('Run', heading);

  let current = null;
  let refresh = () => {};
  const past = new History();

  const updateState = part(state, ({ run: now, description: why }) => [
    facts([
      ['Status', status(now.status)],
      ['Why', why && words(why.sentence, 1_000)],
      ['Next', why?.next && words(why.next, 1_000)],
      ['At latest', time(why?.next_at)],
      ['Attempt', why?.attempt ? String(why.attempt) : null],
      ['Last failure', why?.last_failure && words(why.last_failure, 1_000)],
      ['Held by', why?.lease && element('span', {},
        words(why.lease.owner), ' until ', time(why.lease.until))],
      ['Agents', why?.agents && words(why.agents, 1_000)],
      ['Sandboxes', why?.sandboxes && words(why.sandboxes, 1_000)],
      ['Stage', now.stage && words(now.stage)],
      ['Branch', now.branch && words(now.branch)],
      ['Pull request', link(now.output?.pr_url)],
      ['Model', now.model && words(now.model)],
      ['Environment', now.environment],
      ['Created', time(now.created_at)],
      ['Changed', time(now.updated_at)],
      ['Ended', time(now.completed_at)],
      ['Duration', now.completed_at
        ? duration((Date.parse(now.completed_at) - Date.parse(now.created_at)) / 1000)
        : null],
      ['Id', now.id],
    ]),
    now.error_message
      ? element('div', { class: 'box' }, longText(now.error_message))
      : null,
  ]);
  const updateActions = part(actions, ({ status: now, environment }) => {
    if (!allowsActions || now === undefined) {
      return [];
    }
    if (OPEN.includes(now)) {
      return [button('Cancel the run', () => act('Cancel this run? Its agent is stopped.',
        'Cancel the run', () => api.cancel(task, run)), { 'data-key': 'cancel' })];
    }
    return [
      button('Retry as a new run', () => act(
        'Queue a new run that continues this one?', 'Retry', async () => {
          const { latest_run: created } = await api.retry(task, run);
          location.hash = `#/tasks/${task}/runs/${created.id}`;
        }), { 'data-key': 'retry' }),
      environment === 'cloud'
        ? button('Resume this run', () => act('Start this run again, under the same id?',
          'Resume', () => api.resume(task, run)), { 'data-key': 'resume' })
        : null,
    ];
  });
  const updateHistory = part(history, steps => [
    element('h2', { id: 'history-title' }, 'History'),
    element('ol', {}, ...steps.map(({ text, at }) => element('li', {}, `${text} `, time(at)))),
    element('p', { class: 'faint' },
      'The API keeps the times of creation and end; other changes are those seen by this page.'),
  ]);
  const updateArtifacts = part(artifacts, entries => [
    element('h2', { id: 'artifacts-title' }, 'Artifacts'),
    entries.length === 0
      ? element('p', { class: 'faint' }, 'None.')
      : table(`${entries.length} files`, [['Name'], ['Type', 'wide'], ['Size', 'number'], ['']],
        entries.map(each => [
          words(each.name),
          words(each.type),
          size(each.size),
          button('Download', () => attempt(async () =>
            save(await api.artifact(task, run, each.storage_path), each.name)),
          { 'data-key': each.id, 'aria-label': `Download ${visible(each.name)}` }),
        ])),
  ]);

  function seen(now) {
    const before = current?.status;
    current = now;
    if (past.add(now)) {
      updateHistory(past.steps);
    }
    if (before !== undefined && before !== now.status) {
      announce(`The run is ${now.status.replace('_', ' ')}.`);
    }
  }

  async function load() {
    const [now, description] = await Promise.all([
      api.run(task, run, signal), api.describe(task, run, signal)]);
    seen(now);
    const { state: json, output: result, artifacts: files, log_url: _, ...rest } = now;
    updateState({ run: { ...rest, output: { pr_url: result?.pr_url } }, description });
    updateActions({ status: now.status, environment: now.environment });
    updateArtifacts(files);
    output.update(result);
    stateDocument.update(json);
  }

  async function act(question, label, action) {
    if (await confirmed(question, label)) {
      await attempt(action);
      refresh();
    }
  }

  async function attempt(action) {
    problem.textContent = '';
    try {
      await action();
    } catch (failure) {
      problem.textContent = failure instanceof ApiError
        ? failure.message
        : `Error: ${failure.message}`;
    }
  }

  const follow = () => followLog({
    api, task, run, box, note, signal,
    hasEnded: () => current !== null && !OPEN.includes(current.status),
    onState: changed => {
      if (current !== null && changed.updated_at > current.updated_at) {
        refresh();
      }
    },
  });
  guard((async () => {
    const about = await api.task(task, signal);
    heading.replaceChildren(`Run of ${about.slug} `, words(about.title || 'untitled'));
    path.firstElementChild.textContent = `Task ${about.slug}`;
    document.title = `Run of ${about.slug} – Errand`;
    await load();
    let isFollowing = false;
    let hasFollowed = false;
    refresh = () => guard(load());
    await repeat(3_000, signal, async () => {
      await load();
      // Started again when an ended run is resumed.
      if (!isFollowing && (!hasFollowed || OPEN.includes(current.status))) {
        isFollowing = true;
        hasFollowed = true;
        guard(follow()).finally(() => { isFollowing = false; });
      }
    });
  })());
}

/** Changes of the status, oldest first. */
class History {
  steps = [];
  #last = null;

  /** Records the status of a run, and returns whether it is new. */
  add({ status: now, created_at: created, updated_at: updated, completed_at: completed }) {
    if (this.#last === now) {
      return false;
    }
    const text = now.replace('_', ' ');
    if (this.#last === null) {
      this.steps.push({ text: 'created', at: created });
      this.steps.push(completed
        ? { text, at: completed }
        : { text: `${text}, at the latest`, at: updated });
    } else {
      this.steps.push({ text, at: completed ?? updated });
    }
    this.#last = now;
    return true;
  }
}

/** JSON that is shown when the user opens it. */
function details(summary) {
  const content = element('div', { class: 'box' });
  const whole = element('details', {}, element('summary', {}, summary), content);
  return {
    whole,
    update: part(content, value => longText(JSON.stringify(value ?? null, null, 2))),
  };
}

/** A link to a web page whose whole address is visible, or text if it is anything else. */
function link(address) {
  if (typeof address !== 'string' || address === '') {
    return null;
  }
  const parsed = URL.canParse(address) ? new URL(address) : null;
  return parsed?.protocol === 'https:' && address.length <= 300
    ? element('a', { href: parsed.href, rel: 'noopener noreferrer', target: '_blank' },
      words(parsed.href))
    : words(address);
}

/** Saves bytes as a file. The browser never displays them, whatever their type is. */
function save(blob, name) {
  const address = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const anchor = element('a', { href: address, download: String(name).split(/[/\\]/).pop() });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
