// What the model was shown beside what it draws; it also tells the cropper which square that was.

export default function likeness({ data, parentElement }) {
  const shared = channel(data.channel);
  const root = parentElement.querySelector(".likeness");
  ["crop", "reconstruction"].forEach((name, i) => {
    const figure = root.querySelector(`.${name}`);
    paint(figure.querySelector("canvas"), data[name], figure.clientWidth || 320);
    figure.querySelector("figcaption").textContent = data.captions[i];
  });
  shared.likeness = { photo: data.photo, placement: data.placement, chosen: data.chosen };
  shared.cropper?.setPlacement(shared.likeness);
  root.dataset.photo = data.photo;
  root.dataset.faces = Number(root.dataset.faces ?? 0) + 1;
}
