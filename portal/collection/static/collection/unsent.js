// What has been typed and not been acknowledged yet, in the browser's own storage: it survives a lost network, a locked screen, a killed tab.
//
// Every tab keeps a record of its own, so that two tabs of one table never write over each other; a record whose tab is gone is found again.
// A record: {at, sent, open}. `sent` is a request that was sent and not acknowledged; it is repeated with the same id, so that it counts once.
// `open` gathers what was typed since.

const PREFIX = "unsent:";
const nobody = () => {};

export class Unsent {
  constructor(key, storage = window.localStorage) {
    this.storage = storage;
    this.family = `${PREFIX}${key}:`;
    this.name = this.family + unique();
    this.record = { at: 0, sent: null, open: null };
    this.held = hold(this.name);
  }

  get count() {
    return countIn(this.record);
  }

  get cells() {
    return { ...this.record.sent?.cells, ...this.record.open?.cells };
  }

  // Cells typed on top of a revision; columns that were looked at.
  put(cells, revision, confirmed = []) {
    const open = this.record.open ?? { revision, cells: {}, confirmed: [] };
    Object.assign(open.cells, cells);
    open.confirmed = [...new Set([...open.confirmed, ...confirmed])];
    this.record.open = open;
    this.record.at = Date.now();
    this.keep();
  }

  // The request that is to be sent now; null when there is none.
  next() {
    if (!this.record.sent && this.record.open) {
      this.record.sent = { request_id: unique(), ...this.record.open };
      this.record.open = null;
      this.keep();
    }
    return this.record.sent;
  }

  // The server has answered: what was sent is kept there. What is open goes on from the new revision.
  acknowledged(revision) {
    this.record.sent = null;
    if (this.record.open) this.record.open.revision = revision;
    this.keep();
  }

  // The request was refused whole: without these cells, and under a new id, it may be sent again on top of a newer revision.
  again(revision, without = []) {
    const cells = this.cells;
    const confirmed = [...(this.record.sent?.confirmed ?? []), ...(this.record.open?.confirmed ?? [])];
    for (const name of without) delete cells[name];
    this.record.sent = null;
    this.record.open = null;
    if (Object.keys(cells).length || confirmed.length) this.put(cells, revision, confirmed);
    else this.keep();
  }

  drop() {
    this.record = { at: 0, sent: null, open: null };
    this.keep();
  }

  keep() {
    try {
      if (this.record.sent || this.record.open) this.storage.setItem(this.name, JSON.stringify(this.record));
      else this.storage.removeItem(this.name);
    } catch {
      nobody(); // a full or forbidden storage: what is typed is sent all the same
    }
  }

  // Records of tabs that are gone, oldest first.
  async left() {
    await this.held;
    const names = [];
    for (let place = 0; place < this.storage.length; place += 1) {
      const name = this.storage.key(place);
      if (name.startsWith(this.family) && name !== this.name) names.push(name);
    }
    const found = [];
    for (const name of names) {
      if (await isFree(name)) found.push(new Left(this.storage, name));
    }
    return found.filter((one) => one.count).sort((one, other) => one.record.at - other.record.at);
  }

  // Takes over a record of a tab that is gone, as if it had been typed here.
  adopt(left) {
    this.record = left.record;
    this.keep();
    left.drop();
  }
}

class Left {
  constructor(storage, name) {
    this.storage = storage;
    this.name = name;
    try {
      this.record = { sent: null, open: null, at: 0, ...JSON.parse(storage.getItem(name) ?? "{}") };
    } catch {
      this.record = { sent: null, open: null, at: 0 };
    }
  }

  get count() {
    return countIn(this.record);
  }

  get cells() {
    return { ...this.record.sent?.cells, ...this.record.open?.cells };
  }

  drop() {
    this.storage.removeItem(this.name);
  }
}

function countIn(record) {
  return Object.keys({ ...record.sent?.cells, ...record.open?.cells }).length || (record.sent || record.open ? 1 : 0);
}

function unique() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  return [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A tab holds a lock of the name of its record for as long as it lives; where there are no locks, every other record counts as left.
function hold(name) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks.request(name, () => {
      resolve();
      return new Promise(nobody);
    });
  });
}

function isFree(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock !== null);
}
