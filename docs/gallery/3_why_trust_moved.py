"""Why trust moved: the ledger of the winter of 2022, act by act, with sources."""

from datetime import date

import sim

results = sim.simulate("chavez_asylum_2025", replicates=50, horizon_days=30)
peru, mexico = sim.explain(results, "PER-MEX", date(2022, 12, 1), date(2023, 3, 1))

for account in (peru, mexico):
    print(f"{account.sender} in {account.target}: {account.begin:+.2f} to {account.end:+.2f}")
    for entry in sorted(account.entries, key=lambda e: e.change)[:4]:
        print(f"  {entry.day}  {entry.change:+.3f}  {entry.item} [{entry.confidence}]")
    whole = sum(entry.change for entry in account.entries)
    print(f"  all items sum to the change: {abs(whole - account.change) < 1e-12}")
