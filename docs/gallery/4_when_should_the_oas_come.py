"""When should the OAS offer its help: one setting varied, with the same random draws."""

from matplotlib.figure import Figure

import sim

days = [7, 30, 90]
late = {f"day_{day}": {"institutions": {"oas": {"delay_days": day}}} for day in days}
late["never"] = {"institutions": {"oas": {"enabled": False}}}
study = sim.counterfactual("after_the_rupture_2025", late, outcome="severed_at_365", replicates=60)

rows = {row["what_if"]: row for row in study.summary["ranking"]}
for name in late:
    row = rows[name]
    print(
        f"{name:7s} severed after a year: {row['what_if_value']:.3f}, difference from base run "
        f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
    )

axes = Figure(figsize=(6, 3), layout="constrained").add_subplot()
values = [rows[name]["difference"] for name in late]
spread = [
    [v - rows[n]["low"] for n, v in zip(late, values, strict=True)],
    [rows[n]["high"] - v for n, v in zip(late, values, strict=True)],
]
axes.errorbar(range(len(late)), values, yerr=spread, fmt="o", capsize=4)
axes.axhline(0, color="0.6", linewidth=0.8)
axes.set_xticks(range(len(late)), list(late))
axes.set_ylabel("difference in share severed")
axes.get_figure().savefig("when_should_the_oas_come.svg")
