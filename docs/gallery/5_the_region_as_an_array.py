"""The region as an array: trust of every state in every other state, with xarray."""

import sim

results = sim.simulate("quiet_neighbours", replicates=50, horizon_days=120)
data = results.to_xarray()

print(dict(data.sizes))
regard = data["mean"].isel(day=-1).mean("sender")
for code in regard.sortby(regard, ascending=False)["target"].values[:3]:
    print(f"{code} is trusted {float(regard.sel(target=code)):+.3f} on average")

moved = float(abs(data["mean"].isel(day=-1) - data["mean"].isel(day=0)).max())
print(f"largest change of mean trust without shocks: {moved:.3f}")

axes = sim.plot(results, "region")
axes.get_figure().savefig("the_region_as_an_array.svg")
