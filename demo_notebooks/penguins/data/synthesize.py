"""Write penguins.csv: invented penguins, shaped like those of Palmer Station.

Means and spreads follow the summary tables of Gorman, Williams & Fraser (2014), PLoS ONE 9(3): e90081; no row is a
measured bird. The untidiness is of the kinds that field notes have, and is put in on purpose.

    python synthesize.py > penguins.csv
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

SEED = 2014
MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
# Mean of the females, what a male has more, and the spread within a sex, in the order of MEASURES.
SPECIES = {
    "Adelie": (146, [37.3, 17.6, 187.8, 3369.0], [3.1, 1.5, 4.6, 674.0], [2.1, 0.95, 5.9, 300.0]),
    "Chinstrap": (68, [46.6, 17.6, 191.7, 3527.0], [4.5, 1.7, 8.2, 412.0], [2.2, 0.80, 5.9, 320.0]),
    "Gentoo": (122, [45.6, 14.2, 212.7, 4680.0], [3.9, 1.5, 8.8, 805.0], [2.2, 0.60, 4.8, 290.0]),
}
ISLANDS = {"Adelie": ["Torgersen", "Biscoe", "Dream"], "Chinstrap": ["Dream"], "Gentoo": ["Biscoe"]}
# Big birds are big all over: how the four measures go together within a species and sex.
CORRELATION = np.array(
    [
        [1.00, 0.30, 0.35, 0.40],
        [0.30, 1.00, 0.35, 0.45],
        [0.35, 0.35, 1.00, 0.50],
        [0.40, 0.45, 0.50, 1.00],
    ]
)


def colony(species: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the birds of one species."""
    count, female, male_extra, spread = SPECIES[species]
    is_male = rng.random(count) < 0.5
    noise = rng.multivariate_normal(np.zeros(4), CORRELATION, size=count) * spread
    measures = np.array(female) + np.outer(is_male, male_extra) + noise
    birds = pd.DataFrame(measures, columns=MEASURES).round(1)
    birds["flipper_length_mm"] = birds["flipper_length_mm"].round()
    birds["body_mass_g"] = (birds["body_mass_g"] / 25).round() * 25
    birds.insert(0, "species", species)
    birds.insert(1, "island", rng.choice(ISLANDS[species], count))
    birds["sex"] = np.where(is_male, "male", "female")
    birds["year"] = rng.choice([2007, 2008, 2009], count)
    return birds


def untidy(birds: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the birds as a tired field team writes them down."""
    birds = birds.copy()
    for column, share in zip([*MEASURES, "sex"], [0.03, 0.03, 0.02, 0.04, 0.04], strict=True):
        birds.loc[rng.random(len(birds)) < share, column] = np.nan
    kilograms = rng.choice(birds.index[birds["body_mass_g"].notna()], 5, replace=False)
    birds.loc[kilograms, "body_mass_g"] /= 1000
    birds.loc[rng.choice(birds.index, 6, replace=False), "species"] += " "
    birds.loc[rng.choice(birds.index, 4, replace=False), "sex"] = "."
    shouted = rng.choice(birds.index, 12, replace=False)
    birds.loc[shouted, "sex"] = birds.loc[shouted, "sex"].str.upper()
    return pd.concat([birds, birds.sample(3, random_state=1)])


def main() -> None:
    """Write the table to standard output."""
    rng = np.random.default_rng(SEED)
    birds = pd.concat([colony(species, rng) for species in SPECIES], ignore_index=True)
    untidy(birds, rng).sample(frac=1, random_state=2).to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    main()
