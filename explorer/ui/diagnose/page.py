"""The diagnose page: the verdict in words first, then the evidence, one section each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.bundle.checkup import checkup
from explorer.latent.diagnosis import MAX_CODES
from explorer.latent.sampling import MAX_SEED
from explorer.latent.verdicts import judge
from explorer.ui.batches import decode_many
from explorer.ui.components import ASSETS
from explorer.ui.diagnose import sections
from explorer.ui.diagnose.jobs import Job, Told, desk
from explorer.ui.diagnose.look import Look
from explorer.ui.diagnose.remedies import command_for
from explorer.ui.diagnose.waiting import wait
from explorer.ui.frame import PICKER
from explorer.ui.registry import SAMPLE
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle.sections import Config
    from explorer.latent.diagnosis import Figures
    from explorer.latent.verdicts import Remedy, Verdict
    from explorer.ui.resources import Opened

SEED, VERDICT = "seed", "verdict"
BOXES: dict[str, tuple[Callable[..., Any], str]] = {
    "healthy": (st.success, "check_circle"),
    "collapsed": (st.error, "error"),
}
OTHERWISE = (st.warning, "warning")
KINDS = """
- **Collapsed**: codes tell less than a bit of the picture, or pictures do not follow the code.
- **Autoencoder-like**: it reconstructs, but its codes follow no prior to draw new ones from.
- **Too small**: all dimensions are in use, and over a third of the pixels' variance is lost.
- **Over-regularised**: as much is lost, though dimensions idle or are mostly noise.
- **Too large**: the prior has holes where no picture was, or training pictures are known by heart.
- **Healthy**: none of these. A model may have several, the gravest first.
"""


def draw(opened: Opened) -> None:
    """All of the page."""
    st.html(ASSETS / "diagnose.css")
    job = desk().begin((VERDICT, opened.identity), lambda told: _measure(opened, told))
    with st.container(key="diagnose_verdict"):
        if job.done.is_set():
            _show_result(job, opened)
        else:
            wait(job, "Codes are drawn, decoded and read again")
    st.header("The evidence", anchor="evidence")
    sections.draw_all(Look(opened, _choose_seed(), job.result))


def _measure(opened: Opened, told: Told) -> Figures:
    bundle = opened.bundle
    return checkup(bundle, decode=lambda z: decode_many(bundle, z), progress=told)


def _show_result(job: Job, opened: Opened) -> None:
    if job.problem:
        st.error(f"There is no verdict: {plain(job.problem)}", icon=":material/error:")
        if st.button("Try again", key="again"):
            desk().forget((VERDICT, opened.identity))
            st.rerun()
        return
    figures: Figures = job.result
    for number, verdict in enumerate(judge(figures)):
        _show_verdict(verdict, opened.bundle.config, number)
    _show_figures(figures)
    with st.expander("What the verdicts mean"):
        st.markdown(KINDS)


def _show_verdict(verdict: Verdict, config: Config, number: int) -> None:
    box, icon = BOXES.get(verdict.kind, OTHERWISE)
    title = verdict.kind[0].upper() + verdict.kind[1:]
    box(f"## {title}\n\n{plain(verdict.text)}", icon=f":material/{icon}:")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What shows it**")
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in verdict.evidence))
    with right:
        if verdict.remedies:
            st.markdown("**What to try**, the most promising first")
        for place, remedy in enumerate(verdict.remedies):
            _show_remedy(remedy, config, key=f"{number}_{place}")


def _show_remedy(remedy: Remedy, config: Config, *, key: str) -> None:
    with st.container(key=f"remedy_{key}", gap="small"):
        if not remedy.flags:
            st.markdown(plain(remedy.text))
            query = {PICKER: str(st.session_state[PICKER]), "sampler": "Mixture"}
            st.page_link(
                SAMPLE,
                label="Draw from the mixture: nothing to train",
                icon=":material/auto_awesome:",
                query_params=query,
            )
            return
        st.markdown(f"{plain(remedy.text)} `{remedy.flags}`")
        st.code(command_for(config, remedy.flags), language="bash", wrap_lines=True)


def _show_figures(found: Figures) -> None:
    """The figures that the verdict rests on, at a glance."""
    shown = {
        "Active units": f"{found.active} of {found.setup.latent_dim}",
        "Lost in reconstruction": f"{100 * found.unexplained:.0f} %",
        "Prior read as real": f"{100 * found.prior.near:.0f} %",
        "Copies": f"{100 * found.copied:.0f} %",
    }
    if found.setup.variational:
        shown |= {"Rate": f"{found.kl.sum():.1f} nats", "β": f"{found.setup.beta:g}"}
    with st.container(horizontal=True, gap="large", key="diagnose_figures"):
        for name, value in shown.items():
            st.metric(name, value, width="content")
    looked = f"all {found.count:,} codes"
    if found.count > MAX_CODES:
        looked = f"{MAX_CODES:,} of {found.count:,} codes, chosen by chance"
    st.caption(
        f"From {looked}, 128 pictures drawn from the prior and as many from the data, seed 0; "
        "the same as `python train_cli.py diagnose`."
    )


def _choose_seed() -> int:
    chosen = st.number_input(
        "Seed of the pictures below",
        min_value=0,
        max_value=MAX_SEED,
        step=1,
        key=SEED,
        help="Another seed shows other codes, ways and samples; the verdict does not change.",
        width=220,
        bind="query-params",
        persist_state="session",
    )
    return int(chosen)
