"""The sample page: the sheet, the sample that was clicked, the samplers beside one another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.figures import contact_sheet
from explorer.figures.radii import radius_edges, radius_figure
from explorer.latent.measures import radius
from explorer.latent.regions import chi_density
from explorer.ui import components, exports, sending, words
from explorer.ui.facts import noun
from explorer.ui.frame import sentences
from explorer.ui.sample import judging
from explorer.ui.sample.controls import choose_plan
from explorer.ui.sample.draws import region_sentence
from explorer.ui.sample.plan import MIXTURE, PRIOR, REGIONS, Plan
from explorer.ui.sample.sheet import Examined, Sheet, examine, make_sheet
from explorer.ui.state import session
from explorer.ui.wire import pack_picture, to_text

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.faces import Face
    from explorer.ui.resources import Opened

SHEET, CHOSEN, FOUND = "sample_sheet", "sample_chosen", "sample_found"
NUMBER = "sample"  # of the clicked sample on the sheet, in the link

_sheet = components.declare("sample")
_chosen = components.declare("sample_chosen")
_found = components.declare("sample_found")


@st.fragment
def draw(opened: Opened) -> None:
    """All of the page; a fragment, so that the model picker is not drawn again."""
    plan = choose_plan(opened.bundle)
    _show_cautions(plan, opened.bundle)
    with sentences():
        sheet = _sheet_of(opened.identity, plan, _opened=opened)
        with st.container(key="sample_page"):
            left, right = st.columns([1.9, 1], gap="large")
        number = _receive(opened, plan, len(sheet.images))
        with left:
            if plan.source in REGIONS:
                st.caption(region_sentence(plan, opened.bundle))
            message = sheet_message(sheet, name=_name(opened, plan))
            _sheet(key=SHEET, data=message, on_choice_change=components.listen)
            _offer_files(opened.bundle, plan, sheet)
        with right:
            _show_chosen(opened, plan, sheet.face(number), number)
        _show_judgement(opened, plan, sheet)


def sheet_message(sheet: Sheet, *, name: str) -> dict[str, Any]:
    """What the browser needs to draw the sheet; which sample is chosen it knows itself."""
    height, width, channels = sheet.images.shape[1:]
    return {
        "sheet": name,
        "width": width,
        "height": height,
        "channels": channels,
        "pixels": to_text(sheet.images.tobytes()),
        "names": list(sheet.names),
        "groups": [
            {
                "title": group.title,
                "note": group.note,
                "count": len(group.codes),
                "columns": group.columns,
            }
            for group in sheet.groups
        ],
    }


def chosen_message(face: Face, number: int, *, name: str) -> dict[str, Any]:
    """The chosen sample, large."""
    picture = pack_picture(face.image)
    return {"sheet": name, "number": number, "title": face.title, "picture": picture}


def found_message(found: Examined, number: int, *, name: str) -> dict[str, Any]:
    """What is known about the chosen sample, and the training pictures nearest to it."""
    kind = "original" if found.are_originals else "decoded"
    return {
        "sheet": name,
        "number": number,
        "where": words.sentence(found.where.text),
        "level": found.where.level,
        "memorised": found.memorised,
        "nearest": f"Nearest training pictures ({kind}): rest on one to compare",
        "near": [
            {"picture": pack_picture(image), "caption": f"{distance:.1f} away"}
            for image, distance in zip(found.images, found.distance, strict=True)
        ],
    }


def codes_json(plan: Plan, sheet: Sheet, bundle: Bundle) -> str:
    """The codes of a sheet with what is needed to draw them again."""
    content = {
        "bundle": bundle.name,
        "weights_sha256": bundle.config.weights_sha256,
        "source": plan.source,
        "class": plan.kind or None,
        "towards": plan.other or None,
        "temperature": plan.temperature,
        "truncation": plan.truncation if np.isfinite(plan.truncation) else None,
        "seed": plan.seed,
        "names": list(sheet.names),
        "codes": sheet.codes.tolist(),
    }
    return json.dumps(content, ensure_ascii=False)


def _show_cautions(plan: Plan, bundle: Bundle) -> None:
    if plan.source == PRIOR and not bundle.config.model.variational:
        st.warning(
            "A plain autoencoder has no prior: nothing pulled its codes towards a normal "
            "distribution. These codes are drawn from one all the same, to show why that fails.",
            icon=":material/warning:",
        )
    if plan.source == MIXTURE:
        with sentences():
            caution = judging.mixture_caution(bundle.mixture, count=len(bundle.items))
            if caution:
                st.warning(f"About this mixture: {caution}", icon=":material/warning:")


def _receive(opened: Opened, plan: Plan, count: int) -> int:
    """Which sample is chosen: the one clicked, or the link's, or the first."""
    news = components.message(SHEET, "choice")
    name = _name(opened, plan)
    if isinstance(news, Mapping) and news.get("sheet") == name and session().is_new(SHEET, news):
        number = news.get("number")
        if type(number) is int and 0 <= number < count:
            st.query_params[NUMBER] = str(number)
    text = st.query_params.get(NUMBER, "0")
    number = int(text) if text.isdecimal() else 0
    return number if number < count else 0


def _show_chosen(opened: Opened, plan: Plan, face: Face, number: int) -> None:
    name = _name(opened, plan)
    _chosen(key=CHOSEN, data=chosen_message(face, number, name=name))
    # After the picture, which is on its way to the browser: the first time in a bundle, its
    # training pictures are measured for this.
    judges = _judges_of(opened.identity, _opened=opened)
    found = examine(face.code, opened, judges.training)
    _found(key=FOUND, data=found_message(found, number, name=name))
    sending.offer(opened, lambda: face, key="sample")


def _offer_files(bundle: Bundle, plan: Plan, sheet: Sheet) -> None:
    name = f"{bundle.name}-{plan.source.lower().replace(' ', '-')}-{plan.seed}"
    with st.container(horizontal=True):
        st.download_button(
            "Download PNG",
            data=_deferred_sheet(sheet),
            file_name=f"{name}.png",
            mime="image/png",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Codes as JSON",
            data=lambda: codes_json(plan, sheet, bundle).encode(),
            file_name=f"{name}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/data_object:",
        )


def _deferred_sheet(sheet: Sheet) -> Callable[[], bytes]:
    columns = sheet.groups[0].columns or None
    return lambda: exports.to_png(contact_sheet(sheet.images, columns=columns))


def _show_judgement(opened: Opened, plan: Plan, sheet: Sheet) -> None:
    """How the samplers compare, and how far out the samples lie."""
    kind = noun(opened.bundle.config)
    with st.container(key="sample_judgement"):
        left, right = st.columns([1.25, 1], gap="large")
    with left:
        st.subheader("How the samplers compare", anchor=False)
        _show_comparison(opened, plan)
        st.caption(judging.explanation(kind))
        judges = _judges_of(opened.identity, _opened=opened)
        about = judges.yardstick.judge(sheet.codes).sentences(noun=kind)
        what = "these places" if plan.source in REGIONS else "the samples above"
        st.markdown(f"Of {what}: {words.plain(' '.join(about))}")
    with right:
        st.subheader("How far out they lie", anchor=False)
        st.plotly_chart(
            _radii(opened, sheet), key="sample_radii", config={"displayModeBar": False}
        )


def _radii(opened: Opened, sheet: Sheet) -> Any:
    bundle = opened.bundle
    data, samples = radius(bundle.latents.mu), radius(sheet.codes)
    edges = radius_edges(data, samples)
    model = bundle.config.model
    prior = chi_density(edges, dim=model.latent_dim) if model.variational else None
    return radius_figure(data, samples, edges=edges, prior=prior, noun=noun(bundle.config))


def _show_comparison(opened: Opened, plan: Plan) -> None:
    """The table, filled row by row: a click meanwhile is heard between two rows."""
    place, verdicts = st.empty(), []
    for sampler in judging.samplers(plan, opened.bundle):
        verdicts.append(_verdict_of(opened.identity, sampler, _opened=opened))
        place.table(judging.table(verdicts))


def _name(opened: Opened, plan: Plan) -> str:
    return f"{opened.identity}:{plan}"


@st.cache_resource(max_entries=8, show_spinner=False)
def _sheet_of(identity: str, plan: Plan, *, _opened: Opened) -> Sheet:
    return make_sheet(plan, _opened)


@st.cache_resource(max_entries=3, show_spinner=False)
def _judges_of(identity: str, *, _opened: Opened) -> judging.Judges:
    return judging.make_judges(_opened)


@st.cache_resource(max_entries=64, show_spinner=False)
def _verdict_of(identity: str, plan: Plan, *, _opened: Opened) -> judging.Verdict:
    return judging.judge(plan, _opened.bundle, _judges_of(identity, _opened=_opened))
