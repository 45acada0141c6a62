"""The words of the app, each with its formula, its source and the page where one sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.ui.registry import (
    ATTRIBUTES,
    COMPARE,
    DIAGNOSE,
    INTERPOLATE,
    LAB,
    MAP,
    SAMPLE,
    TRAVERSE,
)


@dataclass(frozen=True)
class Term:
    """One word.

    Attributes:
        name: As the app writes it.
        text: What it means, in Markdown.
        page: Where one sees it, a path of the registry.
        formula: In LaTeX; empty where words say all.
        source: Where it is from, in Markdown; empty for common knowledge.
        query: What the page's address says beside its name.
        also: Other words under which people look for it.
    """

    name: str
    text: str
    page: str
    formula: str = ""
    source: str = ""
    query: dict[str, str] = field(default_factory=dict)
    also: str = ""


def _paper(authors: str, title: str, link: str, where: str = "") -> str:
    return f"{authors}, [{title}]({link})" + (f", {where}" if where else "")


_KINGMA = ("Kingma & Welling 2014", "Auto-Encoding Variational Bayes")
_KINGMA_LINK = "https://arxiv.org/abs/1312.6114"
_LOCATELLO = "used as in Locatello et al. 2019"

MODEL = (
    Term(
        "Code",
        "The few numbers to which the model reduces a picture. How many there are is called "
        "`latent_dim`, D in formulas. A code that a picture gave is the mean μ of its posterior.",
        MAP,
        r"z \in \mathbb{R}^D",
        also="latent variable latent space embedding dimension",
    ),
    Term(
        "Encoder and posterior",
        "The encoder reads a picture x and answers with a mean μ and a log-variance for each "
        "number: a small cloud of codes that could have made it.",
        LAB,
        r"q(z \mid x) = \mathcal{N}\big(\mu(x),\, \operatorname{diag} \sigma^2(x)\big)",
        _paper(*_KINGMA, _KINGMA_LINK, "section 3"),
        {"experiment": "reparameterisation"},
        also="mu logvar sigma",
    ),
    Term(
        "Decoder",
        "Draws the picture that belongs to a code: p(x|z). Everything you see under a slider or a "
        "pointer is its output.",
        TRAVERSE,
        r"p(x \mid z)",
        _paper(*_KINGMA, _KINGMA_LINK, "section 3"),
        also="generator",
    ),
    Term(
        "Prior",
        "Where codes should lie if nothing is known about the picture: a ball of normal numbers. "
        "Decoding draws from it gives new pictures, if the codes of the data lie there too.",
        SAMPLE,
        r"p(z) = \mathcal{N}(0, I)",
        _paper(*_KINGMA, _KINGMA_LINK, "section 3"),
    ),
    Term(
        "Reparameterisation trick",
        "A draw from the posterior written as a sum and a product, so that the gradient reaches "
        "the encoder through μ and σ while chance stays outside.",
        LAB,
        r"z = \mu + \sigma \odot \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, I)",
        _paper(*_KINGMA, _KINGMA_LINK, "section 2.4"),
        {"experiment": "reparameterisation"},
    ),
    Term(
        "Autoencoder",
        "Encoder and decoder without noise and without a KL term: codes lie wherever rebuilding "
        "is easiest, and between them may be nothing.",
        LAB,
        query={"experiment": "autoencoder"},
        also="AE plain",
    ),
    Term(
        "Transposed convolution",
        "Makes a small grid larger: S − 1 zeros between its numbers, then a kernel swept over it. "
        "Of n rows it makes:",
        LAB,
        r"n' = (n - 1)\,S + K - 2P + OP",
        _paper(
            "Dumoulin & Visin 2016",
            "A guide to convolution arithmetic for deep learning",
            "https://arxiv.org/abs/1603.07285",
            "section 4",
        ),
        {"experiment": "convolution"},
        also="deconvolution kernel stride padding",
    ),
    Term(
        "Checkerboard",
        "A pattern that a transposed convolution leaves where its kernel overlaps unevenly, as it "
        "does when the stride does not divide the kernel.",
        LAB,
        source=_paper(
            "Odena, Dumoulin & Olah 2016",
            "Deconvolution and checkerboard artifacts",
            "https://distill.pub/2016/deconv-checkerboard/",
        ),
        query={"experiment": "convolution"},
    ),
)

OBJECTIVE = (
    Term(
        "ELBO",
        "The evidence lower bound: what training raises. It is never above log p(x), the "
        "log-probability that the model gives a picture. In nats per picture.",
        COMPARE,
        r"\log p(x) \ge \mathbb{E}_{q(z|x)} \log p(x \mid z) - "
        r"\mathrm{KL}\big(q(z \mid x) \,\|\, p(z)\big)",
        _paper(*_KINGMA, _KINGMA_LINK, "eq. 3"),
        also="evidence lower bound loss",
    ),
    Term(
        "Rate",
        "How many nats a code tells about its picture: the KL divergence of the posterior from "
        "the prior, summed over dimensions. Less rate, vaguer codes.",
        DIAGNOSE,
        r"R = \mathrm{KL}\big(q(z \mid x) \,\|\, p(z)\big)",
        _paper("Alemi et al. 2018", "Fixing a Broken ELBO", "https://arxiv.org/abs/1711.00464"),
        also="KL term nats",
    ),
    Term(
        "Distortion",
        "How badly a picture is rebuilt from its code, in nats summed over pixels.",
        COMPARE,
        r"D = -\,\mathbb{E}_{q(z|x)} \log p(x \mid z), \qquad \mathrm{ELBO} = -D - R",
        _paper("Alemi et al. 2018", "Fixing a Broken ELBO", "https://arxiv.org/abs/1711.00464"),
        also="reconstruction error",
    ),
    Term(
        "Rate–distortion plane",
        "Models as dots: what their codes cost to the right, what they lose upwards. Nobody can "
        "have both small; the models that no other beats in both form the Pareto front.",
        COMPARE,
        source=_paper(
            "Alemi et al. 2018",
            "Fixing a Broken ELBO",
            "https://arxiv.org/abs/1711.00464",
            "figure 2",
        ),
        also="pareto front",
    ),
    Term(
        "β",
        "The weight of the rate in what training minimises. 1 is the ELBO, more gives fewer and "
        "tidier codes, less sharp pictures. The number means something only together with the "
        "likelihood it is weighed against.",
        LAB,
        r"\min \; D + \beta R",
        _paper("Higgins et al. 2017", "β-VAE", "https://openreview.net/forum?id=Sy2fzU9gl"),
        {"experiment": "kl_term"},
        also="beta-vae",
    ),
    Term(
        "KL of two Gaussians",
        "In closed form, for each dimension against the prior; the sum over dimensions is the "
        "rate.",
        LAB,
        r"\mathrm{KL}\big(\mathcal{N}(\mu, \sigma^2) \,\|\, \mathcal{N}(0, 1)\big) = "
        r"\tfrac{1}{2}\,(\mu^2 + \sigma^2 - 1 - \log \sigma^2)",
        _paper(*_KINGMA, _KINGMA_LINK, "appendix B"),
        {"experiment": "kl_term"},
        also="Kullback-Leibler divergence",
    ),
    Term(
        "Calibrated Gaussian",
        "The likelihood of colour pictures here: one σ for all pixels, kept at the value that "
        "fits best, the root of the mean squared error. So β = 1 is the ELBO itself.",
        DIAGNOSE,
        r"-\log p(x \mid z) = \sum_i \frac{(x_i - \hat{x}_i)^2}{2\sigma^2} + "
        r"\log \sigma + \tfrac{1}{2} \log 2\pi, \qquad \sigma^2 = \mathrm{MSE}",
        _paper(
            "Rybkin, Daniilidis & Levine 2021",
            "Simple and Effective VAE Training with Calibrated Decoders",
            "https://arxiv.org/abs/2006.13202",
            "eq. 6",
        ),
        also="likelihood sigma squared error",
    ),
    Term(
        "Bernoulli likelihood",
        "The likelihood of black-and-white pictures such as digits: the cross-entropy of each "
        "pixel, summed.",
        DIAGNOSE,
        r"-\log p(x \mid z) = -\sum_i \big[ x_i \log \hat{x}_i + "
        r"(1 - x_i) \log (1 - \hat{x}_i) \big]",
        _paper(*_KINGMA, _KINGMA_LINK, "appendix C.1"),
        also="cross-entropy",
    ),
    Term(
        "Warm-up",
        "The KL term eased in: its weight grows from 0, once (linear) or again and again "
        "(cyclical), so that the decoder learns to use the code before the code gets dear.",
        LAB,
        source=_paper(
            "Bowman et al. 2016",
            "Generating Sentences from a Continuous Space",
            "https://arxiv.org/abs/1511.06349",
            "linear; "
            + _paper(
                "Fu et al. 2019",
                "Cyclical Annealing Schedule",
                "https://arxiv.org/abs/1903.10145",
            ),
        ),
        query={"experiment": "annealing"},
        also="annealing",
    ),
    Term(
        "Free bits",
        "Each dimension may cost λ nats for nothing, so that none is switched off for a small "
        "saving.",
        LAB,
        r"\sum_d \max\big(\lambda,\; \mathbb{E}_x\, \mathrm{KL}_d(x)\big)",
        _paper(
            "Kingma et al. 2016",
            "Improving Variational Inference with Inverse Autoregressive Flow",
            "https://arxiv.org/abs/1606.04934",
            "eq. 15",
        ),
        {"experiment": "annealing"},
        also="KL threshold",
    ),
)

HEALTH = (
    Term(
        "Active unit",
        "A dimension whose mean depends on the picture. The others hold nothing but the prior's "
        "noise, and the decoder ignores them.",
        DIAGNOSE,
        r"\operatorname{Var}_x\, \mu_d(x) > 0.01",
        _paper(
            "Burda, Grosse & Salakhutdinov 2016",
            "Importance Weighted Autoencoders",
            "https://arxiv.org/abs/1509.00519",
            "section 5.2",
        ),
        also="dead dimension",
    ),
    Term(
        "Posterior collapse",
        "All posteriors are the prior: no dimension is active, the rate is 0, and the decoder "
        "draws the same blurred mean whatever the code.",
        DIAGNOSE,
        r"q(z \mid x) = p(z) \text{ for every } x",
        _paper("Lucas et al. 2019", "Don't Blame the ELBO!", "https://arxiv.org/abs/1911.02469"),
    ),
    Term(
        "Aggregate posterior",
        "The codes of all pictures together. It should look like the prior; where the prior has "
        "weight and it has none are holes, whose codes decode to nonsense.",
        DIAGNOSE,
        r"q(z) = \frac{1}{N} \sum_n q(z \mid x_n)",
        _paper(
            "Hoffman & Johnson 2016",
            "ELBO surgery",
            "http://approximateinference.org/accepted/HoffmanJohnson2016.pdf",
            "section 3",
        ),
        also="prior holes",
    ),
    Term(
        "Mutual information",
        "The part of the rate that tells pictures apart; the rest is what the codes of all "
        "pictures together pay for not lying as the prior does.",
        DIAGNOSE,
        r"R = \underbrace{I(n; z)}_{\text{information}} + "
        r"\underbrace{\mathrm{KL}\big(q(z) \,\|\, p(z)\big)}_{\text{marginal}}",
        _paper(
            "Hoffman & Johnson 2016",
            "ELBO surgery",
            "http://approximateinference.org/accepted/HoffmanJohnson2016.pdf",
            "section 3",
        ),
        also="information marginal KL",
    ),
    Term(
        "Radius",
        "How far a code lies from the origin. In many dimensions nearly all of the prior lies in "
        "a thin shell, and a straight way between two codes cuts through its hollow.",
        DIAGNOSE,
        r"\mathbb{E}\,\lVert z \rVert = \sqrt{2}\; "
        r"\Gamma\!\big(\tfrac{D+1}{2}\big) / \Gamma\!\big(\tfrac{D}{2}\big) \approx \sqrt{D}",
        _paper(
            "White 2016",
            "Sampling Generative Networks",
            "https://arxiv.org/abs/1609.04468",
            "section 2.1",
        ),
        also="shell norm",
    ),
    Term(
        "Sensitivity",
        "How much the picture changes, in grey levels per pixel, when one number of the code is "
        "moved by one standard deviation of the prior.",
        DIAGNOSE,
    ),
    Term(
        "PSNR",
        "How close a rebuilt picture is to the original, in decibels: 6 dB more are half the "
        "error.",
        COMPARE,
        r"10 \log_{10} \frac{1}{\mathrm{MSE}} \quad \text{for pixels in } [0, 1]",
        also="peak signal-to-noise ratio dB decibel",
    ),
    Term(
        "SSIM",
        "How alike two pictures are in brightness, contrast and structure, seen through a small "
        "window; 1 for equal ones. Closer to what people see than the PSNR.",
        COMPARE,
        r"\frac{(2\mu_x\mu_y + C_1)(2\sigma_{xy} + C_2)}"
        r"{(\mu_x^2 + \mu_y^2 + C_1)(\sigma_x^2 + \sigma_y^2 + C_2)}",
        _paper(
            "Wang, Bovik, Sheikh & Simoncelli 2004",
            "Image quality assessment",
            "https://doi.org/10.1109/TIP.2003.819861",
            "eq. 13",
        ),
        also="structural similarity",
    ),
    Term(
        "Linear probe",
        "What the codes are good for elsewhere: the accuracy of a logistic regression that is "
        "given codes and has to tell classes.",
        COMPARE,
        source=_paper(
            "Alain & Bengio 2017",
            "Understanding intermediate layers using linear classifier probes",
            "https://arxiv.org/abs/1610.01644",
            "section 3",
        ),
        also="downstream accuracy",
    ),
    Term(
        "Copy",
        "A sample that is less than a third as far from its nearest training picture as from the "
        "next: remembered rather than invented.",
        SAMPLE,
        source="Yoon et al. 2023, *Diffusion Probabilistic Models Generalize when They Fail to "
        "Memorize*, section 2",
        also="memorisation overfitting",
    ),
)

DISENTANGLEMENT = (
    Term(
        "MIG",
        "Mutual information gap: how much more the best dimension knows of a factor than the "
        "second best, over what there is to know. 1 if each factor has a dimension of its own.",
        DIAGNOSE,
        r"\frac{1}{K} \sum_k \frac{I(z_{j^*}; v_k) - \max_{j \ne j^*} I(z_j; v_k)}{H(v_k)}",
        _paper(
            "Chen et al. 2018",
            "Isolating Sources of Disentanglement in VAEs",
            "https://arxiv.org/abs/1802.04942",
            f"eq. 6, {_LOCATELLO}",
        ),
        also="mutual information gap disentanglement",
    ),
    Term(
        "DCI",
        "Three scores from how much trees use each dimension to predict each factor: "
        "disentanglement (a dimension serves one factor), completeness (a factor needs one "
        "dimension), informativeness (it can be predicted at all).",
        DIAGNOSE,
        r"\mathcal{D} = \sum_j \rho_j \Big(1 - H_K\Big(\frac{R_{j\cdot}}{\sum_k R_{jk}}\Big)\Big)",
        _paper(
            "Eastwood & Williams 2018",
            "A Framework for the Quantitative Evaluation of Disentangled Representations",
            "https://openreview.net/forum?id=By-7dz-AZ",
            "section 2",
        ),
        also="disentanglement completeness informativeness",
    ),
    Term(
        "SAP",
        "Separated attribute predictability: how much better the best single dimension predicts a "
        "factor than the second best.",
        DIAGNOSE,
        r"\frac{1}{K} \sum_k \big(S_{j^*k} - \max_{j \ne j^*} S_{jk}\big)",
        _paper(
            "Kumar, Sattigeri & Balakrishnan 2018",
            "Variational Inference of Disentangled Latent Concepts",
            "https://arxiv.org/abs/1711.00848",
            "section 3",
        ),
        also="disentanglement",
    ),
    Term(
        "FactorVAE score",
        "Of pictures that agree in one factor, the dimension that varies least should be that "
        "factor's. The score is how often a table of such votes is right.",
        DIAGNOSE,
        source=_paper(
            "Kim & Mnih 2018",
            "Disentangling by Factorising",
            "https://arxiv.org/abs/1802.05983",
            f"section 3, {_LOCATELLO}",
        ),
        also="disentanglement",
    ),
)

MOVES = (
    Term(
        "Map",
        "All codes laid out on a plane, by their two largest principal components (PCA) or so "
        "that neighbours stay neighbours (UMAP). A place of a UMAP is decoded as the weighted "
        "mean of the codes around it.",
        MAP,
        source=_paper(
            "McInnes, Healy & Melville 2018", "UMAP", "https://arxiv.org/abs/1802.03426"
        ),
        also="umap pca projection",
    ),
    Term(
        "Far from the data",
        "How far a place or a code lies from its 5th nearest training picture, against how far "
        "training pictures lie from theirs. Far out the decoder was never asked to draw "
        "anything sensible.",
        MAP,
        also="off data typical edge",
    ),
    Term(
        "Direction of an attribute",
        "The mean code of pictures with the attribute minus that of pictures without. Moving a "
        "code along it is what an attribute's slider does.",
        ATTRIBUTES,
        r"d = \bar{\mu}_{\text{with}} - \bar{\mu}_{\text{without}}, \qquad z' = z + \alpha\, d",
        _paper(
            "Larsen et al. 2016",
            "Autoencoding beyond pixels using a learned similarity metric",
            "https://arxiv.org/abs/1512.09300",
            "section 3.2",
        ),
        also="attribute vector slider alpha",
    ),
    Term(
        "Lock",
        "An attribute that an edit is to leave alone. What its classifier would see is taken out "
        "of the direction; the columns of W are the classifiers' normals.",
        ATTRIBUTES,
        r"d' = d - W (W^\top W)^{-1} W^\top d",
        _paper(
            "Shen et al. 2020",
            "InterFaceGAN",
            "https://arxiv.org/abs/1907.10786",
            "section 3.3",
        ),
        also="conditional direction",
    ),
    Term(
        "Leakage",
        "The share of other attributes about which a judge, who sees only pictures, changes its "
        "mind after an edit. It should be 0; what the data have always shown together leaks.",
        ATTRIBUTES,
        also="entanglement judge",
    ),
    Term(
        "Straight and round",
        "Two ways from code to code: straight, or round the origin, evenly through the angle Ω "
        "between them, which stays in the shell where the codes are. Below, the direction of the "
        "round way; its length changes evenly.",
        INTERPOLATE,
        r"\operatorname{lerp} = (1-t)\,a + t\,b, \qquad "
        r"\operatorname{slerp} = \frac{\sin (1-t)\Omega}{\sin\Omega}\, \hat{a} + "
        r"\frac{\sin t\Omega}{\sin\Omega}\, \hat{b}",
        "Shoemake 1985, *Animating rotation with quaternion curves*, section 3.3; "
        + _paper(
            "White 2016",
            "Sampling Generative Networks",
            "https://arxiv.org/abs/1609.04468",
            "section 2.1",
        ),
        also="lerp slerp interpolation spherical linear",
    ),
    Term(
        "Traversal",
        "One number of a code moved from end to end, all others left alone: what does this "
        "dimension draw?",
        TRAVERSE,
    ),
    Term(
        "Mixture",
        "Several Gaussians fitted to the codes after training. Draws from it fall where codes "
        "are, so its pictures are better than the prior's where the prior has holes.",
        SAMPLE,
        r"m(z) = \sum_c w_c\, \mathcal{N}(z;\, \mu_c, \Sigma_c)",
        _paper(
            "Ghosh et al. 2020",
            "From Variational to Deterministic Autoencoders",
            "https://arxiv.org/abs/1903.12436",
        ),
        also="ex-post density estimation sampler",
    ),
    Term(
        "Temperature",
        "A factor on the spread of what is drawn. Below 1: more usual pictures, fewer kinds.",
        SAMPLE,
        r"z = \mu_c + T\, L_c\, \varepsilon, \qquad \Sigma_c = L_c L_c^\top",
        _paper("Kingma & Dhariwal 2018", "Glow", "https://arxiv.org/abs/1807.03039", "section 5"),
    ),
    Term(
        "Truncation",
        "Numbers drawn beyond a bound are drawn again: nothing far out is sampled.",
        SAMPLE,
        r"\lvert \varepsilon_d \rvert \le t",
        _paper(
            "Brock, Donahue & Simonyan 2019",
            "Large Scale GAN Training",
            "https://arxiv.org/abs/1809.11096",
            "section 3.1",
        ),
    ),
    Term(
        "Class cloud",
        "The codes of one class: their mean, whose picture is the typical member, and their "
        "spread in each dimension, from which new members are drawn.",
        LAB,
        r"z \sim \mathcal{N}(\hat\mu, \hat\sigma^2)",
        query={"experiment": "class_cloud"},
        also="centroid",
    ),
)

SECTIONS: dict[str, tuple[Term, ...]] = {
    "The model": MODEL,
    "What training minimises": OBJECTIVE,
    "Is it healthy?": HEALTH,
    "Disentanglement": DISENTANGLEMENT,
    "Moving through the codes": MOVES,
}


def matching(wanted: str) -> dict[str, tuple[Term, ...]]:
    """The terms in whose name, text or other names all words of a search occur, by section."""
    asked = wanted.casefold().split()
    found = {
        title: tuple(term for term in terms if all(word in _searched(term) for word in asked))
        for title, terms in SECTIONS.items()
    }
    return {title: terms for title, terms in found.items() if terms}


def _searched(term: Term) -> str:
    return f"{term.name} {term.text} {term.also} {term.source}".casefold()
