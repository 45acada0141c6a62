// What was released, locked and reset, for undo and redo: snapshots, the last one is in force.

const MAX_STEPS = 200;

class EditHistory {
  constructor(edit) {
    this.past = [EditHistory.copy(edit)];
    this.future = [];
  }

  static copy(edit) {
    return { ...edit, values: { ...edit.values }, locks: [...edit.locks], shown: [...edit.shown] };
  }

  // Notes the edit; whether it differs from the one before.
  note(edit) {
    if (EditHistory.text(edit) === EditHistory.text(this.past.at(-1))) return false;
    this.past.push(EditHistory.copy(edit));
    if (this.past.length > MAX_STEPS) this.past.shift();
    this.future = [];
    return true;
  }

  undo() {
    if (this.past.length < 2) return null;
    this.future.push(this.past.pop());
    return EditHistory.copy(this.past.at(-1));
  }

  redo() {
    if (!this.future.length) return null;
    this.past.push(this.future.pop());
    return EditHistory.copy(this.past.at(-1));
  }

  static text({ values, locks, shown }) {
    const moved = Object.entries(values).filter(([, value]) => value).sort();
    return JSON.stringify([moved, [...locks].sort(), shown]);
  }
}
