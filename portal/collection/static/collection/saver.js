// Sends what is unsent, one request at a time, and says truly how things stand. Tells its page by events:
// "state" {state, count, saved, sentence}, "answer" (what the server told), "conflict" (both values), "refused" (cells with reasons).

const WAIT = 700;
const LATER = [2000, 5000, 10000, 30000];
const STOPS = [400, 401, 403, 404, 410, 413, 423];

export class Saver extends EventTarget {
  constructor(unsent, url, revision, saved) {
    super();
    Object.assign(this, { unsent, url, revision, saved });
    this.state = "saved";
    this.sentence = "";
    this.failures = 0;
    this.timer = 0;
    this.flight = null;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("pagehide", () => this.hurry());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.hurry() : this.wake()));
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent.count && this.state !== "sending") event.preventDefault();
    });
  }

  put(cells, confirmed = []) {
    this.unsent.put(cells, this.revision, confirmed);
    if (this.state === "conflict" || this.state === "stopped") return this.tell(this.state);
    this.tell(this.failures ? "waiting" : "sending");
    if (!this.failures) this.plan(WAIT);
  }

  // Resolves when everything is acknowledged (true) or cannot be now (false).
  async settled() {
    window.clearTimeout(this.timer);
    while (this.unsent.count && this.state !== "conflict" && this.state !== "stopped") {
      if (!(await this.send())) return false;
    }
    return !this.unsent.count;
  }

  wake() {
    if (this.unsent.count && this.state === "waiting") this.plan(0);
  }

  // The page is being left: what can still go, goes; the rest lies in the storage.
  hurry() {
    if (this.unsent.count && !this.flight && !["conflict", "stopped"].includes(this.state)) this.send(true);
  }

  plan(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), wait);
  }

  send(leaving = false) {
    this.flight ??= this.deliver(leaving).finally(() => {
      this.flight = null;
    });
    return this.flight;
  }

  async deliver(leaving) {
    window.clearTimeout(this.timer);
    const request = this.unsent.next();
    if (!request) return true;
    if (this.state !== "waiting") this.tell("sending");
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST",
        body: JSON.stringify(request),
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() },
        keepalive: leaving,
        signal: AbortSignal.timeout(20000),
      });
    } catch {
      return this.later();
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return this.acknowledge(request, answer);
    if (response.status === 409) return this.ask(answer);
    if (STOPS.includes(response.status)) return this.stop(response.status, answer);
    return this.later(Number(response.headers.get("Retry-After")) * 1000);
  }

  acknowledge(request, answer) {
    this.failures = 0;
    this.revision = answer.revision;
    this.saved = answer.saved_at;
    this.unsent.acknowledged(answer.revision);
    const open = this.unsent.cells;
    const both = (answer.others ?? []).filter((name) => name in open && open[name] !== answer.cells[name]);
    this.dispatchEvent(new CustomEvent("answer", { detail: { answer, request, kept: open } }));
    if (Object.keys(answer.refused ?? {}).length) this.dispatchEvent(new CustomEvent("refused", { detail: answer.refused }));
    if (both.length) {
      return this.ask({ revision: answer.revision, cells: Object.fromEntries(both.map((name) => [name, [open[name], answer.cells[name]]])) });
    }
    if (this.unsent.count) this.plan(0);
    this.tell(this.unsent.count ? "sending" : "saved");
    return true;
  }

  ask(conflict) {
    this.tell("conflict");
    this.dispatchEvent(new CustomEvent("conflict", { detail: conflict }));
    return false;
  }

  // What remains of a conflict after somebody has chosen: `theirs` are given up, the rest is written on top of the revision that was seen.
  resolve(conflict, theirs) {
    this.revision = conflict.revision;
    this.unsent.again(conflict.revision, theirs);
    this.tell(this.unsent.count ? "sending" : "saved");
    if (this.unsent.count) this.plan(0);
  }

  stop(status, answer) {
    this.sentence = answer.sentence ?? "";
    this.status = status;
    this.tell("stopped");
    return false;
  }

  later(wait = 0) {
    const pause = Math.max(wait, LATER[Math.min(this.failures, LATER.length - 1)]);
    this.failures += 1;
    this.tell("waiting");
    this.plan(pause);
    return false;
  }

  tell(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, count: this.unsent.count, saved: this.saved, sentence: this.sentence } }));
  }
}

function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
