// What each axis follows, computed after the rows are shown, handed to them when it comes.

export default function traverseNotes({ data }) {
  const shared = channel("traverse");
  shared.notes = data;
  shared.view?.showNotes();
}
