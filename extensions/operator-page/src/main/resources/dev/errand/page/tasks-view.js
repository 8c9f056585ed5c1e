/** The list of tasks, with filters and search. */

import { element, part, status, table, time, words } from './dom.js';
import { repeat } from './polling.js';

const PAGE = 50;
const STATUSES = ['not_started', 'queued', 'in_progress', 'completed', 'failed', 'cancelled'];
const TEXTS = [['search', 'Search'], ['repository', 'Repository'], ['stage', 'Stage']];

export function tasksView({ api, container, signal, title, guard }, query) {
  const parameters = new URLSearchParams(query ?? '');
  const offset = Math.max(0, Number.parseInt(parameters.get('offset'), 10) || 0);
  const heading = element('h1', {}, 'Tasks');
  const list = element('div');
  container.append(heading, filterForm(parameters), list);
  title('Tasks', heading);

  const filters = { limit: PAGE, offset };
  for (const name of ['search', 'repository', 'stage', 'status', 'internal']) {
    if (parameters.get(name)) {
      filters[name] = parameters.get(name);
    }
  }
  const update = part(list, page => tasksOf(page, parameters, offset));
  guard(repeat(3_000, signal, async () => {
    const { count, results } = await api.tasks(filters, signal);
    update({
      count,
      rows: results.map(task => ({
        id: task.id,
        slug: task.slug,
        title: task.title || task.description?.slice(0, 200),
        repository: task.repository,
        run: task.latest_run?.id,
        status: task.latest_run?.status,
        stage: task.latest_run?.stage,
        created: task.created_at,
      })),
    });
  }));
}

function filterForm(parameters) {
  const form = element('form', { class: 'bar', role: 'search', 'aria-label': 'Tasks' });
  for (const [name, label] of TEXTS) {
    form.append(element('p', {},
      element('label', { for: `filter-${name}` }, label),
      element('input', { id: `filter-${name}`, name, value: parameters.get(name) ?? '' })));
  }
  form.append(
    element('p', {},
      element('label', { for: 'filter-status' }, 'Status of the latest run'),
      element('select', { id: 'filter-status', name: 'status' },
        element('option', { value: '' }, 'any'),
        ...STATUSES.map(each => element('option',
          { value: each, selected: parameters.get('status') === each },
          each.replace('_', ' '))))),
    element('p', { class: 'narrow' },
      element('label', { class: 'inline' },
        element('input', {
          type: 'checkbox', name: 'internal', value: 'true',
          checked: parameters.get('internal') === 'true',
        }),
        'internal tasks')),
    element('p', { class: 'narrow' },
      element('button', { type: 'submit', class: 'primary' }, 'Search')));
  form.addEventListener('submit', event => {
    event.preventDefault();
    const chosen = [...new FormData(form)].filter(([, value]) => value.trim() !== '');
    location.hash = `#/tasks?${new URLSearchParams(chosen)}`;
  });
  return form;
}

function tasksOf({ count, rows }, parameters, offset) {
  const range = rows.length === 0
    ? 'No tasks'
    : `Tasks ${offset + 1} to ${offset + rows.length} of ${count}, newest first`;
  const cells = rows.map(task => [
    element('span', { class: 'nowrap' }, task.slug),
    element('a', { href: `#/tasks/${task.id}`, 'data-key': task.id }, words(task.title || 'untitled')),
    task.run
      ? element('a', { href: `#/tasks/${task.id}/runs/${task.run}`, 'data-key': task.run },
        status(task.status))
      : status(undefined),
    task.stage ? words(task.stage) : null,
    task.repository ? words(task.repository) : null,
    time(task.created),
  ]);
  const columns = [['Task', 'wide'], ['Title'], ['Latest run'], ['Stage', 'wide'],
    ['Repository', 'wide'], ['Created', 'wide']];
  const page = (label, from) => {
    const target = new URLSearchParams(parameters);
    target.set('offset', from);
    return element('a', { href: `#/tasks?${target}`, 'data-key': label }, label);
  };
  return [
    table(range, columns, cells),
    element('nav', { class: 'bar', 'aria-label': 'Pages' },
      offset > 0 ? page('Newer tasks', Math.max(0, offset - PAGE)) : null,
      offset + rows.length < count ? page('Older tasks', offset + PAGE) : null),
  ];
}
