"""The SIR model of Kermack and McKendrick (1927): susceptible, infected, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import lambertw

Contact = Callable[[float], "float | np.ndarray"]


@dataclass(frozen=True, kw_only=True)
class Course:
    """An epidemic over time, as shares of the population: one row a time, and an axis for each broadcast input."""

    days: np.ndarray
    susceptible: np.ndarray
    infected: np.ndarray

    @property
    def removed(self) -> np.ndarray:
        """Who has had it."""
        return 1 - self.susceptible - self.infected

    @property
    def attack_rate(self) -> np.ndarray:
        """The share that had been infected when the simulation ended."""
        return 1 - self.susceptible[-1]


def simulate(
    r0: float | np.ndarray,
    infectious_days: float | np.ndarray,
    *,
    days: int = 300,
    seeded: float = 1e-4,
    contact: Contact = lambda _day: 1.0,
    steps_a_day: int = 4,
) -> Course:
    """Integrate the model with Runge–Kutta 4.

    ``contact(day)`` scales how much people meet (1 is as usual). Arrays broadcast, so that a whole grid of epidemics
    costs one call.
    """
    beta, gamma = np.asarray(r0) / infectious_days, 1 / np.asarray(infectious_days, dtype=float)
    step = 1 / steps_a_day

    def slopes(day: float, state: np.ndarray) -> np.ndarray:
        infections = beta * contact(day) * state[0] * state[1]
        return np.stack([-infections, infections - gamma * state[1]])

    shape = np.broadcast_shapes(np.shape(beta), np.shape(contact(0.0)))
    states = [np.stack([np.full(shape, 1 - seeded), np.full(shape, seeded)])]
    times = np.arange(days * steps_a_day + 1) * step
    for day in times[:-1]:
        now = states[-1]
        a = slopes(day, now)
        b = slopes(day + step / 2, now + step / 2 * a)
        c = slopes(day + step / 2, now + step / 2 * b)
        d = slopes(day + step, now + step * c)
        states.append(now + step / 6 * (a + 2 * b + 2 * c + d))
    course = np.stack(states)
    return Course(days=times, susceptible=course[:, 0], infected=course[:, 1])


def final_size(r0: float | np.ndarray) -> np.ndarray:
    """Return the share that is infected in the end: the root z of z = 1 - exp(-R0 z), through Lambert's W."""
    return 1 + np.real(lambertw(-np.asarray(r0) * np.exp(-np.asarray(r0)))) / r0


def outbreaks(r0: float, *, population: int, runs: int, generations: int = 60, seed: int = 0) -> np.ndarray:
    """Return how many are infected in each of ``runs`` outbreaks that one case starts, by the Reed–Frost model.

    In a generation, a susceptible person escapes each infected one independently, with probability 1 - R0/population.
    """
    rng = np.random.default_rng(seed)
    susceptible = np.full(runs, population - 1)
    infected = np.ones(runs, dtype=int)
    for _ in range(generations):
        infected = rng.binomial(susceptible, 1 - (1 - r0 / population) ** infected)
        susceptible -= infected
    return population - susceptible
