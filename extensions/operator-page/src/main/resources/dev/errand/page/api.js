/** The calls that the page makes: the published API of tasks, and descriptions for operators. */

/** The server rejected a request. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Api {
  #token;
  #project;
  #root = new URL('../', document.baseURI).href;

  /** The token stays in this object; it is neither stored nor part of an address. */
  constructor(project, token) {
    this.#project = project;
    this.#token = token;
  }

  /** Sends a request and returns its response, whatever its status is. */
  send(path, { method = 'GET', body, signal, headers = {}, base = 'api' } = {}) {
    return fetch(`${this.#root}${base}/projects/${this.#project}/${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        'Authorization': `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
  }

  async #accepted(path, options) {
    const response = await this.send(path, options);
    if (!response.ok) {
      throw new ApiError(response.status, await detail(response));
    }
    return response;
  }

  async #json(path, options) {
    return (await this.#accepted(path, options)).json();
  }

  tasks(filters, signal) {
    return this.#json(`tasks/?${new URLSearchParams(filters)}`, { signal });
  }

  task(task, signal) {
    return this.#json(`tasks/${task}/`, { signal });
  }

  runs(task, limit, offset, signal) {
    return this.#json(`tasks/${task}/runs/?limit=${limit}&offset=${offset}`, { signal });
  }

  run(task, run, signal) {
    return this.#json(`tasks/${task}/runs/${run}/`, { signal });
  }

  /** Returns entries of the log from a position on, and the number of all entries. */
  async log(task, run, offset, limit, signal) {
    const response = await this.#accepted(
      `tasks/${task}/runs/${run}/session_logs/?offset=${offset}&limit=${limit}`, { signal });
    return {
      entries: await response.json(),
      total: Number(response.headers.get('X-Total-Count')),
    };
  }

  async wholeLog(task, run) {
    return (await this.#accepted(`tasks/${task}/runs/${run}/logs/`)).blob();
  }

  async artifact(task, run, storagePath) {
    const response = await this.#accepted(`tasks/${task}/runs/${run}/artifacts/download/`,
      { method: 'POST', body: { storage_path: storagePath } });
    return response.blob();
  }

  /** Opens the event stream of a run after the entry with an id. */
  stream(task, run, lastEventId, signal) {
    return this.send(`tasks/${task}/runs/${run}/stream/`, {
      signal,
      headers: {
        'Accept': 'text/event-stream',
        ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
      },
    });
  }

  cancel(task, run) {
    return this.#json(`tasks/${task}/runs/${run}/cancel/`, { method: 'POST', body: {} });
  }

  resume(task, run) {
    return this.#json(`tasks/${task}/runs/${run}/resume_in_cloud/`, { method: 'POST' });
  }

  /** Queues a new run that resumes an ended one, and returns the task. */
  retry(task, run) {
    return this.#json(`tasks/${task}/run/`,
      { method: 'POST', body: { resume_from_run_id: run } });
  }

  /** Returns why a run is in its state, or null if the host does not serve descriptions. */
  describe(task, run, signal) {
    return this.#description(`tasks/${task}/runs/${run}`, signal);
  }

  /** Returns the state of the queue, or null if the host does not serve it. */
  queue(signal) {
    return this.#description('queue', signal);
  }

  async #description(path, signal) {
    const response = await this.send(path, { base: '_describe', signal });
    if (response.status === 401) {
      throw new ApiError(401, await detail(response));
    }
    return response.ok ? response.json().catch(() => null) : null;
  }
}

async function detail(response) {
  try {
    const { detail: text } = await response.json();
    return typeof text === 'string' ? text : `status ${response.status}`;
  } catch {
    return `status ${response.status}`;
  }
}

/** Yields the frames of an event stream. */
export async function* frames(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let pieces = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    // A frame ends with a blank line. Pieces are joined only when there is a line break, because
    // a long line arrives in many pieces.
    pieces.push(value);
    if (value.includes('\n')) {
      const parts = pieces.join('').split('\n\n');
      pieces = [parts.pop()];
      for (const text of parts) {
        yield frame(text);
      }
    }
  }
}

function frame(text) {
  const fields = { event: 'message', data: '' };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
    }
  }
  return fields;
}
