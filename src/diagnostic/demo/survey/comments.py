"""What people typed at the end, no two alike: a few words on the subject, and what nobody should have typed.

All invented: the domain ends in ``.invalid``, and the telephone numbers are among those that the regulator keeps
for works of fiction.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np

_SUBJECTS: Final = (
    "Pour un appartement, on m'a dit « plus rien de libre »",
    "Au guichet on parle fort quand on m'explique",
    "En stage ma fille a été la seule à qui l'on n'a pas répondu",
    "=> la même adresse sur le CV depuis dix ans",
    'Le vigile me suit, il appelle ça "la routine"',
    "Les contrôles, c'est toujours au même arrêt de bus",
    "À l'école on nous convoque pour un rien",
)
_ENDINGS: Final = (
    ".",
    " ; rien n'a changé.",
    ", et je ne suis pas la seule.",
    " : à force on n'y va plus.",
    ".\nMerci de poser la question.",
    ". Il faudrait une permanence le soir.",
    ", mes voisins disent pareil.",
)
PERSONAL: Final = (
    "Vous pouvez m'appeler au 06 39 98 47 12.",
    "Écrivez-moi : nadia.brecque@exemple.invalid",
    "Karim, au guichet, m'a bien aidée ; son collègue beaucoup moins.",
    "Mon numéro : 01 99 00 58 31, demandez Sandrine.",
    "M. Ostrevelle, du troisième étage, a vécu la même chose.",
    "J'habite 12 rue des Verriers, on me refuse les livraisons.",
)


def comments(rng: np.random.Generator) -> list[str]:
    """Give the comments of the survey, in a random order.

    Parameters
    ----------
    rng
        Source of every random number.

    Examples
    --------
    >>> import numpy as np
    >>> texts = comments(np.random.default_rng(1))
    >>> len(texts), len(set(texts))
    (55, 55)
    """
    texts = ["".join(parts) for parts in product(_SUBJECTS, _ENDINGS)] + list(PERSONAL)
    return [texts[rank] for rank in rng.permutation(len(texts))]
