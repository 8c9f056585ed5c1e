/** One task and its runs. */

import { duration, element, facts, longText, part, status, table, time, words } from './dom.js';
import { repeat } from './polling.js';

const RUNS = 50;

export function taskView({ api, container, signal, title, guard }, id) {
  const heading = element('h1', {}, 'Task');
  const about = element('div');
  const runs = element('section', { 'aria-labelledby': 'runs-title' });
  container.append(heading, about, runs);
  title('Task', heading);

  const updateTask = part(about, task => {
    const name = task.title || 'untitled';
    heading.replaceChildren(`${task.slug} `, words(name));
    document.title = `${task.slug} – Errand`;
    return [
      facts([
        ['Repository', task.repository && words(task.repository)],
        ['Origin', task.origin_product && words(task.origin_product)],
        ['Created', time(task.created_at)],
        ['Created by', task.created_by && words(task.created_by.email)],
        ['Internal', task.internal ? 'yes' : null],
        ['Id', task.id],
      ]),
      element('h2', {}, 'Description'),
      element('div', { class: 'box' }, longText(task.description)),
    ];
  });
  const updateRuns = part(runs, ({ count, rows }) => [
    element('h2', { id: 'runs-title' }, 'Runs'),
    table(count > rows.length ? `The newest ${rows.length} of ${count} runs` : `${count} runs, newest first`,
      [['Run'], ['Status'], ['Stage', 'wide'], ['Duration', 'wide'], ['Reason', 'wide']],
      rows.map(run => [
        element('a', { href: `#/tasks/${id}/runs/${run.id}`, 'data-key': run.id },
          time(run.created_at)),
        status(run.status),
        run.stage && words(run.stage),
        run.completed_at
          ? duration((Date.parse(run.completed_at) - Date.parse(run.created_at)) / 1000)
          : null,
        run.error_message && words(run.error_message, 120),
      ])),
  ]);
  guard(repeat(3_000, signal, async () => {
    const task = await api.task(id, signal);
    updateTask({ ...task, latest_run: null });
    const { count, results } = await api.runs(id, RUNS, 0, signal);
    updateRuns({
      count,
      rows: results.map(({ id: run, status: now, stage, created_at, completed_at, error_message }) =>
        ({ id: run, status: now, stage, created_at, completed_at,
          error_message: error_message?.slice(0, 200) })),
    });
  }));
}
