"""Reading projects: whose rows, what stands where, the chart."""
