// Which steps are far from the data: worked out after the strips are shown, and told to them.

export default function marks({ data, parentElement }) {
  const walker = walkerOf(data.channel);
  walker.far = data.far; // by the way's name, the numbers of the steps
  walker.tell();
  const note = parentElement.querySelector(".marks");
  note.hidden = !Object.values(data.far).some((steps) => steps.length);
  note.querySelector("span").textContent = data.text;
}
