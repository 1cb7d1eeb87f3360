"""What is measured: each workload with its floor in the same run (design.md 5). `make bench` prints JSON."""
