"""What a model card says about each data source: use, misuse, bias and limits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notes:
    """The words for one data source.

    Attributes:
        license_id: The Hub's identifier of a licence; ``other`` when the pictures set terms.
        intended: What the model is for.
        out_of_scope: What it must not be used for.
        risks: Bias and limitations.
    """

    license_id: str
    intended: str
    out_of_scope: str
    risks: str


BLUR = (
    "A variational autoencoder averages over what its code leaves open: reconstructions and "
    "samples are softer than photographs, and fine detail is invented or lost. Samples far from "
    "the training codes are not meaningful. Directions are correlations in the data, not causes: "
    "moving along one attribute moves whatever goes with it."
)
LEARNING = (
    "Learning and teaching: seeing how a latent space is laid out, what its dimensions and "
    "directions carry, and how the objective shapes them."
)
FACES_INTENDED = (
    "Learning, teaching and non-commercial research on latent spaces: maps, directions, "
    "interpolation, sampling, and the study of the very biases named below."
)
FACES_OUT_OF_SCOPE = (
    "Identifying, recognising, verifying, profiling or rating people; inferring gender, age, "
    "ethnicity, health, character or attractiveness of anyone; passing generated faces off as "
    "photographs; any commercial use."
)
FACES_RISKS = (
    "CelebA is for non-commercial research only, and so is this model. Its pictures show "
    "celebrities from the web around 2014: mostly young, light-skinned, made up, smiling and "
    "facing the camera. Faces unlike these are reconstructed worse and drift towards that "
    "average: darker skin may come out lighter, older faces younger, uncommon glasses, head "
    "coverings and scars may vanish.\n\n"
    "The attributes are the judgements of a few annotators. Labels such as `Attractive`, `Male` "
    "or `Young` record stereotypes, not facts about people, and their directions repeat them; "
    "`Male` is a binary label that does not describe gender identity. Attributes occur together "
    "(lipstick with `Male` = 0, glasses with age), so a direction for one changes the others.\n\n"
)
FOLDER_RISKS = (
    "Nothing is known here about how the pictures were chosen, whom they show or on what terms "
    "they may be used: whoever trained the model should say so in this place before passing it "
    "on. If they show people, the model repeats the biases of the choice, serves unlike people "
    "worse, and must not be used to identify or judge anyone.\n\n"
)

_DIGITS_RISKS = (
    "Small, centred, clean digits written by few people long ago; other hands, scripts and "
    "real-world scans are not represented.\n\n"
)
_NOT_A_READER = "Reading digits in earnest: it is not a classifier and was never tested as one."
_ANY_DECISION = (
    "Decisions of any kind about real things; it draws pictures and knows nothing else."
)

NOTES = {
    "toy-faces": Notes(
        "apache-2.0",
        f"{LEARNING} The pictures are drawn from known factors, so what is found can be checked.",
        "Anything about real faces: it has never seen one.",
        "The faces are cartoons drawn by a program. Their factors are independent by "
        "construction, as nothing in real data is, so directions look cleaner here than they "
        f"ever will elsewhere.\n\n{BLUR}",
    ),
    "digits": Notes("cc-by-4.0", LEARNING, _NOT_A_READER, _DIGITS_RISKS + BLUR),
    "mnist": Notes("cc-by-sa-3.0", LEARNING, _NOT_A_READER, _DIGITS_RISKS + BLUR),
    "fashion-mnist": Notes(
        "mit",
        LEARNING,
        _ANY_DECISION,
        "Product photographs of one European shop around 2017, tiny and grey; clothing of other "
        f"places and times is not represented, and the classes follow the shop.\n\n{BLUR}",
    ),
    "cifar10": Notes(
        "other",
        LEARNING,
        _ANY_DECISION,
        "Ten classes of small pictures collected by web search around 2008, unlicensed one by "
        "one; the search engine's view of each class is what the model repeats. Pictures this "
        f"varied are beyond a small VAE: expect strong blur.\n\n{BLUR}",
    ),
    "celeba": Notes("other", FACES_INTENDED, FACES_OUT_OF_SCOPE, FACES_RISKS + BLUR),
}
FOLDER = Notes(
    "other",
    LEARNING,
    "Whatever the terms and the subjects of the pictures forbid; decisions about people.",
    FOLDER_RISKS + BLUR,
)


def notes_for(source: str) -> Notes:
    """The words for a data source; of an unknown one only what holds for any."""
    return NOTES.get(source, FOLDER)
