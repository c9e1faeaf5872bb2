// @ts-check
// The page's side of the worker: calls that are answered later.

/** @typedef {{done: number, total: number, analysing?: boolean}} Progress */

/** A worker with a session of the core in it. */
export class Client {
  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void, progress?: (progress: Progress) => void}>} */
    this.waiting = new Map();
    this.last = 0;
    this.closed = false;
    worker.onmessage = ({ data }) => {
      const asked = this.waiting.get(data.id);
      if (!asked) return;
      if (data.progress) {
        asked.progress?.(data.progress);
        return;
      }
      this.waiting.delete(data.id);
      if (typeof data.error === "string") asked.reject(new Error(data.error));
      else asked.resolve(data.result);
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.fail(new Error(event.message || "the worker that holds the core could not be loaded"));
    };
  }

  /**
   * @param {string} call @param {any[]} args @param {(progress: Progress) => void} [progress]
   * @returns {Promise<any>}
   */
  call(call, args = [], progress) {
    if (this.closed) return Promise.reject(new Error("cancelled"));
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, progress });
      this.worker.postMessage({ id, call, args });
    });
  }

  /** @param {Error} error */
  fail(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  /** Ends the worker, whatever it is doing. */
  close() {
    this.closed = true;
    this.worker.terminate();
    this.fail(new Error("cancelled"));
  }
}
