"""A chart of the time that the shop takes for an answer, by its number of tickets."""

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

CASES = {
    "page": "50 tickets, never read before",
    "known_page": "50 tickets, read before",
    "deep_page": "50 tickets at the far end",
    "item": "one ticket",
    "search": "a customer by e-mail",
    "ranking": "mechanics ranked",
    "use_part": "use a part",
    "invoice": "issue an invoice",
    "pay": "record a payment",
}


def draw(found: dict, folder: Path) -> None:
    """Write `cost.png` and `cost.svg`: milliseconds by number of tickets, the limits as dotted lines."""
    sizes = sorted(found)
    figure, axes = plt.subplots(figsize=(9, 5.4), layout="constrained")
    for case, name in CASES.items():
        ours = [found[size][case].shop_us / 1000 for size in sizes]
        theirs = [found[size][case].limit_us / 1000 for size in sizes]
        [line] = axes.plot(sizes, ours, marker="o", linewidth=2, label=name)
        axes.plot(sizes, theirs, linestyle=":", linewidth=1, color=line.get_color())
    axes.set(
        xscale="log", yscale="log", xlabel="tickets in the shop", ylabel="milliseconds an answer"
    )
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 3, 5)))
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda ms, _: f"{ms:g}"))
    axes.minorticks_off()
    axes.grid(alpha=0.25)
    axes.set_title(
        "What an answer costs as the shop grows (dotted: the same statements, bare)", loc="left"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    for kind in ("png", "svg"):
        figure.savefig(folder / f"cost.{kind}", dpi=144)
