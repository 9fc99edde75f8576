"""A first forecast: paths with probabilities, and trust in both directions."""

import sim

results = sim.simulate("chavez_asylum_2025", replicates=200, horizon_days=180)

paths = results.to_pandas("paths")
for row in paths.head(5).itertuples():
    print(f"{row.probability:5.1%}  ({row.low:.1%} to {row.high:.1%})  {row.path}")

within = results.summary["within"]["PER-MEX"]["severed"]
print(f"severed within a week: {within['7']['probability']:.1%}")

axes = sim.plot(results, "trust")
axes.get_figure().savefig("first_forecast.svg")
