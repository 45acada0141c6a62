// What is known about the chosen sample, found out after it is shown, handed to it when it comes.

export default function sampleFound({ data }) {
  const shared = channel("sample");
  shared.found = data;
  shared.showFound?.();
}
