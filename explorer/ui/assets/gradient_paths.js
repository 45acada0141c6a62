// Nothing moves here but by style.

export default function gradientPaths({ parentElement }) {
  parentElement.querySelector(".paths").dataset.ready = "1";
}
