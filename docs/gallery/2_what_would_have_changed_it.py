"""What would have changed the outcome: what-ifs with the same random draws, by their effect."""

import sim

study = sim.counterfactual(
    "chavez_asylum_2025",
    ["asylum_refused", "safe_conduct_at_once", "oas_week_1", "like_minded_president"],
    outcome="severed_at_365",
    replicates=100,
)

for row in study.summary["ranking"]:
    print(
        f"{row['what_if']:24s} {row['baseline']:.3f} -> {row['what_if_value']:.3f}  "
        f"difference {row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
    )

axes = sim.plot(study, "trust_difference")
axes.get_figure().savefig("what_would_have_changed_it.svg")
