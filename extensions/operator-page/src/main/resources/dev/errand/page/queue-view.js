/** The queue of the project: how many runs wait, since when, and which. */

import { duration, element, facts, part, table, time, words } from './dom.js';
import { repeat } from './polling.js';

const SHOWN = 50;

export function queueView({ api, container, signal, title, guard }) {
  const heading = element('h1', {}, 'Queue');
  const numbers = element('div');
  const waiting = element('section', { 'aria-labelledby': 'queued-title' });
  const running = element('section', { 'aria-labelledby': 'in_progress-title' });
  container.append(heading, numbers, waiting, running);
  title('Queue', heading);

  const updateNumbers = part(numbers, depth => depth === null
    ? element('p', { class: 'faint' }, 'This server does not tell the depth of its queue.')
    : facts([
      ['Waiting runs', String(depth.waiting)],
      ['Longest wait', depth.waiting > 0 ? duration(depth.age_seconds) : null],
      ['Waiting since', time(depth.waiting_since)],
      ['Without a dispatcher', depth.unattended > 0
        ? `${depth.unattended} launched runs whose dispatcher does not renew its lease`
        : 'none'],
    ]));
  const updateWaiting = part(waiting, page => runs('queued', 'Queued', page));
  const updateRunning = part(running, page => runs('in_progress', 'Running', page));
  guard(repeat(3_000, signal, async () => {
    updateNumbers(await api.queue(signal));
    updateWaiting(await tasksWith('queued'));
    updateRunning(await tasksWith('in_progress'));
  }));

  async function tasksWith(status) {
    const { count, results } = await api.tasks({ status, limit: SHOWN }, signal);
    return {
      count,
      rows: results.map(({ id, slug, title: text, latest_run: run }) =>
        ({ id, slug, text, run: run?.id, stage: run?.stage, created: run?.created_at })),
    };
  }
}

function runs(key, heading, { count, rows }) {
  return [
    element('h2', { id: `${key}-title` }, heading),
    rows.length === 0
      ? element('p', { class: 'faint' }, 'None.')
      : table(`${rows.length} of ${count} tasks, newest first`,
        [['Task'], ['Stage', 'wide'], ['Run created']],
        rows.map(row => [
          element('a', { href: `#/tasks/${row.id}/runs/${row.run}`, 'data-key': row.run },
            `${row.slug} `, words(row.text || 'untitled')),
          row.stage && words(row.stage),
          time(row.created),
        ])),
  ];
}
